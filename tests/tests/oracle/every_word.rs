//! An invented regulation for the words of the model that no pack uses yet.

use serde_json::{Value, json};

/// A pack that has: an event whose points the approver states, with a greatest count and bounds; criteria that may be
/// left out where one is read as a share; a condition on a component; knock-outs to several classes; explanations of an
/// appraisal whatever its class; and a lowest class for all others.
pub fn every_word(base: &Value) -> Value {
    let mut pack = base.clone();
    let title = json!({"vi": "Không có văn bản", "en": "no text"});
    pack["id"] = json!("every-word");
    let words = ["refuse", "rescale", "grant"].map(|id| json!({"id": id, "title": title}));
    push(
        &mut pack["options"],
        json!({
            "id": "not_applicable", "title": title, "default": "rescale", "clause": "-", "reason": title, "values": words,
        }),
    );
    pack["events"] = json!([
        {"code": "praise", "title": title, "stated": {"min": 0, "max": 3}, "times_max": 2, "clause": "-"},
        {"code": "blame", "title": title, "points": -2, "times_max": 4, "clause": "-"},
    ]);
    let rule = json!({"events": {"of": ["praise", "blame"], "min": -4, "max": 5}});
    let total = pack["components"].as_array_mut().unwrap().pop().unwrap();
    push(&mut pack["components"], json!({"id": "events", "title": title, "rule": rule, "clause": "-"}));
    push(&mut pack["components"], total);
    let terms = &mut pack["components"].as_array_mut().unwrap().last_mut().unwrap()["rule"]["sum"]["terms"];
    push(terms, json!({"component": "events", "weight": 1}));
    for (place, bound) in [(0, "0.9"), (1, "0.8"), (2, "0.5")] {
        let gate = json!({"code": "kpi", "title": title, "component": "kpi", "above": bound, "clause": "-"});
        push(&mut pack["classes"][place]["gates"], gate);
    }
    pack["classes"].as_array_mut().unwrap().last_mut().unwrap()["otherwise"] = json!(true);
    push(&mut pack["knock_outs"], json!({"fact": "key_tasks_level_3", "above": 6, "class": "HTNV", "clause": "-"}));
    pack["appraisal_gap"] = json!({"points": "2.5", "clause": "-"});
    pack
}

fn push(list: &mut Value, entry: Value) {
    list.as_array_mut().unwrap().push(entry);
}
