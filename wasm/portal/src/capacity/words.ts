// What an answer about capacity says, in sentences: when it is over, by which day to order, and how much.

import type { Capacity } from "headroom-engine/documents";

import { amountOf } from "../figures/amount.js";
import * as figures from "../figures/text.js";
import { dayName } from "../report/calendar.js";
import { visible } from "../report/names.js";

export type Service = Capacity["services"][number];
export type Week = Service["weeks"][number];

/** The document; anything else is refused. */
export function capacityOf(document: unknown): Capacity {
  if ((document as Capacity | null)?.schema !== "headroom/capacity/1") {
    throw new TypeError("this is no answer about capacity: its `schema` is not `headroom/capacity/1`");
  }
  return document as Capacity;
}

const LIMITS = { cpu: "cpu", memory: "memory", throughput: "throughput" } as const;

/** What runs out first. */
export const limitName = ({ binding }: Service): string => (binding === null ? figures.ABSENT : LIMITS[binding]);

/** A day in a table, where many stand below each other. */
export const date = (date: string | null): string => date ?? figures.ABSENT;

export const figure = (text: string | null): string => (text === null ? figures.ABSENT : figures.figure(text));

export const replicas = (count: number | null): string => (count === null ? "no number" : figures.count(count));

/** A change in percent with its sign. */
export const change = (text: string): string => `${figures.percent(amountOf(text))}`;

export const share = (text: string | null): string => (text === null ? figures.ABSENT : figures.proportion(amountOf(text)));

/** The services that run out soonest in one sentence. */
export function headline({ services }: Capacity): string {
  const over = services.filter(({ exhaustion }) => exhaustion?.p10);
  const unknown = services.filter(({ refused }) => refused !== null).length;
  const told = over.length === 0 ? "No service is likely to run out of room." : `${figures.counted(over.length, "service is", "services are")} likely to run out of room.`;
  return unknown === 0 ? told : `${told} Of ${figures.counted(unknown, "service", "services")} nobody can tell.`;
}

/** A day to order by that lies before the day of asking. */
export const isPast = ({ order_by }: Service, as_of: string): boolean => order_by !== null && order_by < as_of;

/** What is to be said of such a day. */
const passed = (service: Service, as_of: string): string => (isPast(service, as_of) ? "; that day has passed" : "");

/** The day to order by that comes first. */
export function firstOrder({ services, as_of }: Capacity): string | null {
  const days = services.flatMap((service) => (service.order_by === null ? [] : [{ service, order_by: service.order_by }]));
  const [first] = days.sort((a, b) => (a.order_by < b.order_by ? -1 : 1));
  if (!first) return null;
  return `The first day to order by is ${dayName(first.order_by)}, for ${visible(first.service.service)}${passed(first.service, as_of)}.`;
}

/** When a service is over, when to order, and how much. */
export function answers(service: Service, { as_of, currency }: Pick<Capacity, "as_of" | "currency">): string[] {
  const { exhaustion, order_by, lead_time_days, more } = service;
  if (exhaustion === null) return [];
  const limit = service.binding ?? "limit";
  const told = [over(exhaustion, limit)];
  if (order_by !== null) told.push(`More takes ${figures.counted(lead_time_days, "day", "days")}: order by ${dayName(order_by)}${passed(service, as_of)}.`);
  if (more !== null) told.push(enough(more, exhaustion.through, currency));
  return told;
}

function over({ p10, p50, chance, through }: NonNullable<Service["exhaustion"]>, limit: string): string {
  if (p10 && p50) return `One path in ten is over its ${limit} by ${dayName(p10)}, half of them by ${dayName(p50)}.`;
  if (chance === "0") return `No path is over a limit by ${dayName(through)}.`;
  const all = `${share(chance)} of the paths are over its ${limit} by ${dayName(through)}`;
  return p10 ? `One path in ten is over its ${limit} by ${dayName(p10)}; ${all}.` : `${all.replace(/^./, (first) => first.toUpperCase())}.`;
}

function enough(more: NonNullable<Service["more"]>, through: string, currency: string | null): string {
  const cost = (amount: string | null) =>
    amount === null || currency === null ? "" : ` (${figures.amount(amountOf(amount), currency)} ${currency} a month)`;
  const { replicas_p50: half, replicas_p90: most } = more;
  if (half === null) return `No number of replicas is enough through ${dayName(through)}.`;
  const last = most === null ? "no number is on nine in ten" : `${figures.count(most)}${cost(more.cost_month_p90)} on nine in ten`;
  return `Enough through ${dayName(through)}: ${figures.counted(half, "more replica", "more replicas")}${cost(more.cost_month_p50)} on half of the paths, ${last}.`;
}

/** What bounds a service, and what of it is taken. */
export function limit({ limit, taken, unit, room, missed, drift, why }: Service["limits"][number]): string {
  const miss = missed === null ? "" : `, missed by ${share(missed)}`;
  const moved = drift === null ? "" : `; a request takes ${share(drift.replace("-", ""))} ${drift.startsWith("-") ? "less" : "more"} than four weeks before`;
  return `${limit}: the peak takes ${figure(taken)} of ${figure(room)} ${unit}${miss}${moved}; ${visible(why)}`;
}

/** Days that a change gives, or takes. */
export const gained = (days: number | null): string => (days === null ? figures.ABSENT : days > 0 ? `+${figures.count(days)}` : String(days));
