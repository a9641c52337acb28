//! The four cost metrics, and how a row's columns make them.

use super::record::{Record, is_null};
use super::tags::credits_total;
use crate::money::{Amount, AmountError};

/// One of FOCUS's cost metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Cash: what the invoice states.
    Billed,
    /// Amortised: fees spread over the usage they pay for.
    Effective,
    /// At public prices.
    List,
    /// At negotiated prices, before commitment discounts.
    Contracted,
}

impl Metric {
    /// All four, in the order documents list them.
    pub const ALL: [Self; 4] = [Self::Billed, Self::Effective, Self::List, Self::Contracted];

    /// The name a user writes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Billed => "billed",
            Self::Effective => "effective",
            Self::List => "list",
            Self::Contracted => "contracted",
        }
    }
}

/// A number taken from the first of up to two columns that is not null.
///
/// Two columns serve exports that state a net amount on some rows and a gross one on all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Operand {
    first: u16,
    second: u16,
}

const NO_COLUMN: u16 = u16::MAX;

impl Operand {
    /// The number in this column; `None` for a column that the header lacks or that lies past the 65,535th.
    pub fn column(column: Option<usize>) -> Option<Self> {
        Self::first_of(column, None)
    }

    /// The number in the first of the two columns that is present and not null.
    pub fn first_of(first: Option<usize>, second: Option<usize>) -> Option<Self> {
        let index = |column: Option<usize>| column.and_then(|c| u16::try_from(c).ok()).filter(|c| *c != NO_COLUMN);
        let (first, second) = match (index(first), index(second)) {
            (None, None) => return None,
            (None, Some(only)) => (only, NO_COLUMN),
            (Some(first), second) => (first, second.unwrap_or(NO_COLUMN)),
        };
        Some(Self { first, second })
    }

    /// The columns it may read.
    pub fn columns(self) -> impl Iterator<Item = usize> {
        [self.first, self.second].into_iter().filter(|column| *column != NO_COLUMN).map(usize::from)
    }
}

/// How one metric is made from a row's columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cost {
    /// The export does not state it for such a row.
    Missing,
    /// Zero by definition.
    Zero,
    /// The number itself; missing where null.
    Value(Operand),
    /// The sum; a null term counts nothing, and all null is missing.
    Sum(Operand, Operand),
    /// The first less the second; missing where the first is null, a null second counts nothing.
    Difference(Operand, Operand),
    /// `quantity · price / per`, rounded half-even once; where either is null, `otherwise` if given, else missing.
    Product {
        /// The price of `per` units.
        price: Operand,
        /// How many units.
        quantity: Operand,
        /// Units the price is for, at least 1.
        per: u64,
        /// The column that states the product itself.
        otherwise: Option<Operand>,
    },
    /// A price times a quantity that the export counts either in single units or in the blocks the price is for.
    ///
    /// `quantity · price / per` by rule, but `quantity · price` where the row itself shows that its quantity counts
    /// blocks: where the price it paid times the quantity is its cost (within 1 %, as prices are rounded). Missing where
    /// price or quantity is null.
    BlockProduct {
        /// The price of `per` units.
        price: Operand,
        /// How many units, or how many blocks.
        quantity: Operand,
        /// Units in a block, at least 1.
        per: u64,
        /// The price that was paid, and the cost it led to.
        paid: Option<(Operand, Operand)>,
    },
    /// Zero where this column is not null, else the number.
    ZeroWhere {
        /// The column that makes it zero.
        column: u16,
        /// The number otherwise.
        otherwise: Operand,
    },
    /// A cost plus the amounts in a list of credits (JSON, or the Python spelling of it).
    WithCredits {
        /// The cost before credits.
        cost: Operand,
        /// Column with the list.
        credits: u16,
    },
}

/// How the four metrics of a row are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CostPlan {
    /// Billed cost.
    pub billed: Cost,
    /// Effective cost.
    pub effective: Cost,
    /// List cost.
    pub list: Cost,
    /// Contracted cost.
    pub contracted: Cost,
}

/// The four metrics of one row in the order of [`Metric::ALL`]; `None` is missing.
pub type Costs = [Option<Amount>; 4];

/// A number in a row that could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CostFault {
    /// The column it stands in.
    pub column: usize,
    /// What is wrong with it.
    pub error: AmountError,
}

impl CostPlan {
    /// The four metrics of the row, and whether a stated number had more than 18 decimals.
    pub fn read(&self, record: &Record<'_>) -> Result<(Costs, bool), CostFault> {
        let mut costs = Costs::default();
        let rounded = self.read_into(record, &mut costs)?;
        Ok((costs, rounded))
    }

    /// As [`Self::read`], into memory that is used again; it holds no sensible costs after a fault.
    #[inline]
    pub fn read_into(&self, record: &Record<'_>, costs: &mut Costs) -> Result<bool, CostFault> {
        let mut reader = CostReader { record, rounded: false };
        costs[Metric::Billed as usize] = reader.cost(self.billed)?;
        // Many rows state two metrics in one column; read it once.
        costs[Metric::Effective as usize] =
            if self.effective == self.billed { costs[Metric::Billed as usize] } else { reader.cost(self.effective)? };
        costs[Metric::List as usize] = reader.cost(self.list)?;
        costs[Metric::Contracted as usize] = reader.cost(self.contracted)?;
        Ok(reader.rounded)
    }
}

struct CostReader<'r, 'a> {
    record: &'r Record<'a>,
    rounded: bool,
}

impl CostReader<'_, '_> {
    #[inline]
    fn cost(&mut self, cost: Cost) -> Result<Option<Amount>, CostFault> {
        match cost {
            Cost::Missing => Ok(None),
            Cost::Zero => Ok(Some(Amount::ZERO)),
            Cost::Value(operand) => self.operand(operand),
            _ => self.composed(cost),
        }
    }

    fn composed(&mut self, cost: Cost) -> Result<Option<Amount>, CostFault> {
        match cost {
            Cost::Missing | Cost::Zero | Cost::Value(_) => self.cost(cost),
            Cost::Sum(a, b) => match (self.operand(a)?, self.operand(b)?) {
                (None, None) => Ok(None),
                (x, y) => in_range(x.unwrap_or_default().checked_add(y.unwrap_or_default()), a),
            },
            Cost::Difference(a, b) => {
                let Some(minuend) = self.operand(a)? else { return Ok(None) };
                let subtrahend = self.operand(b)?.unwrap_or_default();
                in_range(minuend.checked_sub(subtrahend), a)
            }
            Cost::Product { price, quantity, per, otherwise } => {
                match (self.operand(price)?, self.operand(quantity)?) {
                    (Some(price_value), Some(quantity)) => {
                        let denominator = u128::from(per.max(1)) * Amount::from_whole(1).magnitude();
                        in_range(price_value.checked_mul_div(quantity.units(), denominator), price)
                    }
                    _ => otherwise.map_or(Ok(None), |operand| self.operand(operand)),
                }
            }
            Cost::BlockProduct { price, quantity, per, paid } => {
                let (Some(price_value), Some(count)) = (self.operand(price)?, self.operand(quantity)?) else {
                    return Ok(None);
                };
                let blocks = per > 1 && paid.is_some_and(|(paid, cost)| self.ties(paid, count, cost));
                let per = if blocks { 1 } else { per.max(1) };
                let denominator = u128::from(per) * Amount::from_whole(1).magnitude();
                in_range(price_value.checked_mul_div(count.units(), denominator), price)
            }
            Cost::ZeroWhere { column, otherwise } => {
                if self.record.is_null(usize::from(column)) {
                    self.operand(otherwise)
                } else {
                    Ok(Some(Amount::ZERO))
                }
            }
            Cost::WithCredits { cost, credits } => {
                let Some(value) = self.operand(cost)? else { return Ok(None) };
                let column = usize::from(credits);
                let total =
                    credits_total(self.record.text(column).as_deref()).map_err(|error| CostFault { column, error })?;
                in_range(value.checked_add(total), cost)
            }
        }
    }

    /// Whether price times quantity is the cost within 1 %; a cost of zero shows nothing.
    fn ties(&self, price: Operand, quantity: Amount, cost: Operand) -> bool {
        let (Some(price), Some(cost)) = (self.glance(price), self.glance(cost)) else { return false };
        let off = price.checked_mul(quantity).and_then(|product| product.checked_sub(cost));
        let off = off.and_then(|off| off.magnitude().checked_mul(100));
        !cost.is_zero() && off.is_some_and(|off| off <= cost.magnitude())
    }

    /// The operand where it can be read, without any fault of its own: it decides, but isn't counted.
    fn glance(&self, operand: Operand) -> Option<Amount> {
        let text = operand.columns().map(|column| self.record.trimmed(column)).find(|text| !is_null(text))?;
        Amount::parse(text).ok().map(|parsed| parsed.amount)
    }

    #[inline]
    fn operand(&mut self, operand: Operand) -> Result<Option<Amount>, CostFault> {
        match Amount::parse_plain(self.record.raw(usize::from(operand.first))) {
            Some(amount) => Ok(Some(amount)),
            None => self.any_operand(operand),
        }
    }

    /// The same however it is spelled, and wherever it stands.
    #[inline(never)]
    fn any_operand(&mut self, operand: Operand) -> Result<Option<Amount>, CostFault> {
        for column in operand.columns() {
            let text = self.record.trimmed(column);
            if is_null(text) {
                continue;
            }
            let parsed = Amount::parse(text).map_err(|error| CostFault { column, error })?;
            self.rounded |= parsed.rounded;
            return Ok(Some(parsed.amount));
        }
        Ok(None)
    }
}

/// An arithmetic result, blamed on the operand's first column when out of range.
fn in_range(amount: Option<Amount>, operand: Operand) -> Result<Option<Amount>, CostFault> {
    let column = operand.columns().next().unwrap_or_default();
    amount.map(Some).ok_or(CostFault { column, error: AmountError::OutOfRange })
}
