//! How busy a pool may be before requests wait too long: M/M/c.

/// The most that is ever used of a pool. Means over minutes hide bursts, and no queue forgives them.
pub(super) const MOST_BUSY: f64 = 0.8;

/// The chance that a request has to wait in a queue of `servers` at a load of so many Erlang, below `servers`.
///
/// Erlang's C by the recursion of his B (Erlang 1917; Cooper, Introduction to Queueing Theory, 1981, section 3.5).
pub(super) fn waits(servers: u32, load: f64) -> f64 {
    let mut blocked = 1.0;
    for count in 1..=servers {
        blocked = load * blocked / (f64::from(count) + load * blocked);
    }
    let busy = load / f64::from(servers);
    blocked / (1.0 - busy * (1.0 - blocked))
}

/// The mean response time in times of service, of a queue of `servers` that are busy this share of the time, below 1.
pub(super) fn response(servers: u32, busy: f64) -> f64 {
    let load = busy * f64::from(servers);
    1.0 + waits(servers, load) / (f64::from(servers) * (1.0 - busy))
}

/// The share of the time that `servers` may be busy where the mean response is to stay within `target` times of service.
///
/// It depends on the number of servers alone: at twice the time of service a single one may be busy half the time, four
/// may 83 % of it, sixteen 95 %.
pub(super) fn utilisation(servers: u32, target: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    // Halved until the last bits: the response rises with the share.
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if middle < 1.0 && response(servers, middle) <= target {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// The shares of pools of one server, two, and so on, up to that which may be as busy as any.
#[derive(Clone, Debug)]
pub(super) struct Ceilings(Vec<f64>);

impl Ceilings {
    pub(super) fn of(target: f64) -> Self {
        /// Enough for a target of 1.01.
        const MOST: u32 = 2000;
        let mut shares = Vec::new();
        for servers in 1..=MOST {
            let share = utilisation(servers, target).min(MOST_BUSY);
            shares.push(share);
            if share >= MOST_BUSY {
                break;
            }
        }
        Self(shares)
    }

    /// The share of a pool with so many cores; less than one counts as one.
    pub(super) fn at(&self, cores: f64) -> f64 {
        let whole = (cores + 1e-9).max(1.0) as usize;
        self.0.get(whole - 1).or(self.0.last()).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_abs_diff_eq;

    use super::*;

    #[test]
    fn one_server_is_the_textbook_queue() {
        // M/M/1: a response of 1 / (1 − busy).
        for busy in [0.1, 0.5, 0.9] {
            assert_abs_diff_eq!(response(1, busy), 1.0 / (1.0 - busy), epsilon = 1e-12);
        }
        // Two servers: the wait is busy² / (1 − busy²).
        assert_abs_diff_eq!(response(2, 0.6), 1.0 + 0.36 / 0.64, epsilon = 1e-12);
    }

    #[test]
    fn larger_pools_may_be_busier() {
        for (target, shares) in
            [(2.0, [0.50, 0.71, 0.83, 0.91, 0.95, 0.97]), (1.5, [0.33, 0.58, 0.75, 0.85, 0.92, 0.95])]
        {
            for (servers, share) in [1, 2, 4, 8, 16, 32].into_iter().zip(shares) {
                assert_abs_diff_eq!(utilisation(servers, target), share, epsilon = 0.006);
            }
        }
        let ceilings = Ceilings::of(1.01);
        let mut before = 0.0;
        for cores in 1..400 {
            assert!(ceilings.at(f64::from(cores)) >= before);
            before = ceilings.at(f64::from(cores));
        }
        assert_abs_diff_eq!(Ceilings::of(2.0).at(100.0), MOST_BUSY);
    }
}
