//! Test cases for Decree 90/2020: conditions alone. The conditions of good and completed are left empty here, too.

use serde_json::json;

use super::completed::{class, completed, full, put, refused, stories};

#[test]
fn old_years_are_classified_by_conditions_alone() {
    let pack = completed("nd90-2020", |_| {});
    let mut staff = full(&pack, "staff");
    put(&mut staff, &json!({ "facts": { "tasks_on_time_share": 1, "tasks_exceeded_share": "0.5" } }));
    stories(
        &pack,
        &staff,
        &[
            (
                "100 % in time, 50 % exceeded",
                json!({}),
                json!({ "total": { "exact": "0" }, "class": { "code": "HTXS" } }),
            ),
            ("49 % exceeded", json!({ "facts": { "tasks_exceeded_share": "0.49" } }), class("HTT")),
            (
                "absent 3–<6 months",
                json!({ "facts": { "absent_3_to_6_months": true } }),
                json!({ "class": { "code": "HTNV", "by_points": "HTXS" } }),
            ),
            ("worked < 6 months", json!({ "facts": { "months_worked": 5 } }), json!({ "status": "not_classified" })),
            ("worked 6 months", json!({ "facts": { "months_worked": 6 } }), class("HTXS")),
            ("no form", json!({ "criteria": { "I.1": 5 } }), refused("criteria.I.1", "unknown")),
            (
                "a manager's share is not staff's",
                json!({ "facts": { "unit_targets_share": 1 } }),
                refused("facts.unit_targets_share", "unknown"),
            ),
        ],
    );
    let mut manager = full(&pack, "manager");
    put(
        &mut manager,
        &json!({
            "facts": {
                "unit_targets_share": 1, "tasks_exceeded_share": "0.5", "sub_units_completed_share": 1,
                "sub_units_good_share": "0.7",
            },
        }),
    );
    stories(
        &pack,
        &manager,
        &[
            ("all sub-units completed, 70 % good", json!({}), class("HTXS")),
            ("69 % good", json!({ "facts": { "sub_units_good_share": "0.69" } }), class("HTT")),
            ("one sub-unit not completed", json!({ "facts": { "sub_units_completed_share": "0.9" } }), class("HTT")),
        ],
    );
}
