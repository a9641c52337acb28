//! The known word a mistyped one was most likely meant to be.

/// Longer words are not compared: they are no typing slips of a key.
const MAX_LENGTH: usize = 64;

/// The candidate that `word` was most likely meant to be: one it is a slip of, or one that goes on where it
/// stops (`alias` for `aliases`, `region` for `region_id`). The first of equals wins.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> Option<&'a str> {
    slip(word, candidates.clone()).or_else(|| {
        let word = folded(word).filter(|word| word.len() > 2)?;
        candidates.into_iter().find(|candidate| folded(candidate).is_some_and(|candidate| candidate.starts_with(&word)))
    })
}

/// The candidate nearest to `word`, if any is near enough to be a slip of it.
///
/// Case and the separators `-`, `_`, `.` and space weigh nothing; otherwise one edit (insertion,
/// deletion, change, swap of neighbours) per three letters is allowed. The first of equals wins.
pub fn slip<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = folded(word)?;
    let allowed = (word.len() / 3).max(1);
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let distance = distance(&word, &folded(candidate)?);
            (distance <= allowed && distance < word.len()).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn folded(word: &str) -> Option<Vec<char>> {
    let letters: Vec<char> = word
        .chars()
        .take(MAX_LENGTH + 1)
        .filter(|letter| !matches!(letter, '-' | '_' | '.' | ' '))
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    (letters.len() <= MAX_LENGTH).then_some(letters)
}

/// Edits that turn one word into the other, a swap of neighbours counting as one.
fn distance(from: &[char], to: &[char]) -> usize {
    let width = to.len() + 1;
    let (mut before, mut above) = (vec![0; width], (0..width).collect::<Vec<_>>());
    for (i, letter) in from.iter().enumerate() {
        let mut row = vec![i + 1; width];
        for (j, other) in to.iter().enumerate() {
            let changed = above[j] + usize::from(letter != other);
            row[j + 1] = changed.min(above[j + 1] + 1).min(row[j] + 1);
            let swapped = i > 0 && j > 0 && *letter == to[j - 1] && from[i - 1] == *other;
            if swapped {
                row[j + 1] = row[j + 1].min(before[j - 1] + 1);
            }
        }
        before = std::mem::replace(&mut above, row);
    }
    above[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_slip_and_nothing_far() {
        let known = ["tag", "service_name", "service_category", "starts_with", "ends_with", "min", "max"];
        for (word, want) in [
            ("tga", Some("tag")),
            ("Tag", Some("tag")),
            ("servicename", Some("service_name")),
            ("service-name", Some("service_name")),
            ("servce_name", Some("service_name")),
            ("startswith", Some("starts_with")),
            ("start_with", Some("starts_with")),
            ("maxx", Some("max")),
            ("x", None),
            ("", None),
            ("region", None),
            ("service", Some("service_name")),
            ("starts", Some("starts_with")),
            ("ta", Some("tag")),
            ("se", None),
        ] {
            assert_eq!(nearest(word, known), want, "{word}");
        }
        assert_eq!(nearest(&"tag".repeat(1_000_000), known), None);
    }
}
