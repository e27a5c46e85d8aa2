//! Scores every scheme that is still a template, completed with numbers of this test's own where its text gives none. A
//! reader can check the figures by hand. Each test case names the clause or source that it shows.
#![cfg(feature = "author")]
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

mod completed;
mod edges;
#[path = "../common/expect.rs"]
mod expect;
mod explained;
mod hanoi_3814;
mod hd02_quy;
mod hd02_quy_longer_periods;
mod hd03_abcd;
mod kontum_1923;
mod nd335_tochuc;
mod nd90_2020;
mod qd366;
mod sau_truc;
mod sentences;
mod thanhhoa_1053;
mod thongke_hungyen;
#[path = "../common/written.rs"]
mod written;

use expect::mismatch;
use shared::pack::{self, Pack, PackStatus};

use completed::{full, refused, score};

#[test]
fn every_template_refuses_to_score_until_it_is_completed() {
    let templates: Vec<&Pack> = pack::all().filter(|pack| pack.status == PackStatus::Template).collect();
    assert!(templates.len() >= 15, "found {}", templates.len());
    for template in templates {
        let role = &template.roles[0].id;
        let found = score(template, &full(template, role));
        assert_eq!(mismatch(&template.id, &refused("pack", "template"), &found), None);
    }
}
