//! Running the program and making bills.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The columns of the bills made here.
const COLUMNS: [&str; 16] = [
    "BilledCost",
    "EffectiveCost",
    "ListCost",
    "ContractedCost",
    "BillingCurrency",
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "ChargeCategory",
    "ChargeDescription",
    "ServiceName",
    "ProviderName",
    "BillingAccountId",
    "SubAccountId",
    "ResourceId",
    "Tags",
    "InvoiceId",
];

/// The header of the bills made here.
pub(crate) fn header() -> String {
    COLUMNS.join(",")
}

/// A row that costs 1.5 USD on 1 May 2026, but for the cells given.
pub(crate) fn row(cells: &[(&str, &str)]) -> String {
    let usual = |column: &str| match column {
        "BilledCost" | "EffectiveCost" | "ContractedCost" => "1.5",
        "ListCost" | "SubAccountId" => "2",
        "BillingCurrency" => "USD",
        "ChargePeriodStart" => "2026-05-01T00:00:00Z",
        "ChargePeriodEnd" => "2026-05-02T00:00:00Z",
        "ChargeCategory" => "Usage",
        "ServiceName" => "Compute",
        "ProviderName" => "Acme",
        "BillingAccountId" => "1",
        "InvoiceId" => "INV-5",
        _ => "",
    };
    let cell = |column: &str| {
        let given = cells.iter().find(|(name, _)| *name == column).map_or(usual(column), |(_, value)| value);
        if given.contains([',', '"', '\n']) { format!("\"{}\"", given.replace('"', "\"\"")) } else { given.to_owned() }
    };
    for (name, _) in cells {
        assert!(COLUMNS.contains(name), "{name}");
    }
    COLUMNS.map(cell).join(",")
}

/// A bill of these rows.
pub(crate) fn bill(rows: &[String]) -> String {
    let mut text = header() + "\n";
    for row in rows {
        text.push_str(row);
        text.push('\n');
    }
    text
}

/// A bill with a charge of this size on every day of the months of 2026 given.
pub(crate) fn months(daily: &[(u8, &str)]) -> String {
    let rows: Vec<String> = daily
        .iter()
        .flat_map(|(month, cost)| {
            let days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][usize::from(*month) - 1];
            (1..=days).map(move |day| {
                let start = format!("2026-{month:02}-{day:02}T00:00:00Z");
                let end = format!("2026-{month:02}-{day:02}T23:59:59Z");
                row(&[
                    ("ChargePeriodStart", &start),
                    ("ChargePeriodEnd", &end),
                    ("BilledCost", cost),
                    ("EffectiveCost", cost),
                    ("ContractedCost", cost),
                    ("ListCost", cost),
                    ("ResourceId", "vm-1"),
                    ("Tags", r#"{"squad":"payments"}"#),
                ])
            })
        })
        .collect();
    bill(&rows)
}

/// A directory of a test's own, empty at first.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file, with the directories above it.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }

    /// Runs the program here, on a fixed day.
    pub(crate) fn run(&self, words: &str) -> Run {
        Run::of(command(&self.0, words), b"")
    }

    pub(crate) fn run_with_input(&self, words: &str, input: &[u8]) -> Run {
        Run::of(command(&self.0, words), input)
    }
}

/// Runs the program where the repository's `datasets/` lie.
pub(crate) fn run(words: &str) -> Run {
    Run::of(command(&root(), words), b"")
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The program in a directory, without what the surroundings could change. Words are separated by blanks.
pub(crate) fn command(directory: &Path, words: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_headroom"));
    command.current_dir(directory).env_remove("NO_COLOR").env_remove("COLUMNS").args(words.split_whitespace());
    let takes_a_day = words.starts_with("report") || words.starts_with("inspect");
    if takes_a_day && !words.contains("--as-of") && !words.contains("--help") {
        command.args(["--as-of", "2026-07-03"]);
    }
    command
}

/// How the program ended.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn of(mut command: Command, input: &[u8]) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_owned();
        let writer = std::thread::spawn(move || {
            // The program may end without reading all of it.
            let _ = stdin.write_all(&input);
        });
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        Self::new(&output)
    }

    fn new(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let run = Self {
            code: output.status.code().expect("ended by a signal"),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        };
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
        assert!(!run.stderr.chars().any(|c| c.is_control() && c != '\n'), "{:?}", run.stderr);
        run
    }

    /// Everything a user sees.
    pub(crate) fn shown(&self) -> String {
        let mut text = format!("exit {}\n", self.code);
        for (name, stream) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !stream.is_empty() {
                let _ = write!(text, "--- {name}\n{stream}");
            }
        }
        text
    }

    /// The answer with line breaks and indents taken out.
    pub(crate) fn flowing(&self) -> String {
        self.answer().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What the program refuses to do, and why.
    pub(crate) fn refusal(&self) -> &str {
        assert_eq!((self.code, self.stdout.as_str()), (2, ""), "{}", self.shown());
        assert!(self.stderr.starts_with("error: "), "{}", self.stderr);
        &self.stderr
    }

    /// The answer, when all went well and nothing was said beside it.
    pub(crate) fn answer(&self) -> &str {
        assert_eq!((self.code, self.stderr.as_str()), (0, ""), "{}", self.shown());
        &self.stdout
    }
}
