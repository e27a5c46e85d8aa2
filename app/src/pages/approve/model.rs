//! The data of the cards to decide. No signals here.

use shared::sorted_map::Map;

use shared::card::{Card, Side};
use shared::ids::PersonId;
use shared::num::Exact;
use shared::op::{Absence, Approval, CardKey, Document, Payload, Publication, Reckoned, Stage};
use shared::org::Standing;
use shared::pack::{self, Pack};
use shared::procedure::Act;
use shared::report::{Pressure, pressures};
use shared::score::Outcome;
use shared::state::{Deciding, State};
use shared::time::{Day, Period};

use super::super::roster;
use crate::components::{Bar, class_title};
use crate::i18n::{clause_words, percent, t};

/// One card to decide.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct DecideRow {
    pub(super) key: CardKey,
    pub(super) name: String,
    pub(super) title: String,
    /// What names the card in test ids.
    pub(super) handle: String,
    /// By which regulation, where the person has several cards.
    pub(super) regulation: Option<String>,
    pub(super) unit: String,
    pub(super) stage: Stage,
    pub(super) self_total: Option<Exact>,
    /// The result of the superior's score.
    pub(super) outcome: Option<Outcome>,
    /// The decided class.
    pub(super) decided: Option<String>,
    /// What was reckoned where it was decided otherwise.
    pub(super) reckoned: Option<Reckoned>,
    /// The document by which an authority outside decided.
    pub(super) document: Option<Document>,
    /// The points decided by that document.
    pub(super) entered: Option<Exact>,
    pub(super) contested: bool,
    /// The absence, if the person is not assessed in the period.
    pub(super) absence: Option<Absence>,
    /// The content of the approval, should it be signed.
    pub(super) approval: Option<Approval>,
    /// Where the person stands, should a decision be entered.
    standing: Option<Standing>,
    /// The first day on which it may be decided, if that day has not come.
    pub(super) opens: Option<Day>,
    /// The names of the people led whose results are missing.
    pub(super) missing: Vec<String>,
    /// How the card stands for this person as who signs the result; none for somebody who does not.
    pub(super) deciding: Option<Deciding>,
    publishes: bool,
}

impl DecideRow {
    pub(super) fn may_be_approved(&self) -> bool {
        self.waits_for_decision() && self.opens.is_none()
    }

    /// Whether an authority outside decides, and this person may enter its document now.
    pub(super) fn may_be_entered(&self) -> bool {
        let ready = self.deciding.is_some_and(|deciding| deciding.outside && deciding.ready);
        ready && self.waits() && !self.contested && self.opens.is_none()
    }

    /// Whether only the day of decisions is missing.
    pub(super) fn waits_for_decision(&self) -> bool {
        let ready = self.deciding.is_some_and(|deciding| deciding.ready && !deciding.outside);
        ready && self.waits() && self.stage == Stage::Appraised && !self.contested && self.approval.is_some()
    }

    /// Whether somebody has scored and somebody else is still to score.
    pub(super) fn is_being_scored(&self) -> bool {
        self.stage == Stage::Appraised && self.deciding.is_some_and(|deciding| !deciding.ready && !deciding.outside)
    }

    /// Whether it is still to be decided.
    pub(super) fn waits(&self) -> bool {
        self.stage <= Stage::Appraised && self.absence.is_none()
    }

    pub(super) fn may_be_published(&self) -> bool {
        (self.deciding.is_some() || self.publishes) && self.stage == Stage::Approved && !self.contested
    }

    pub(super) fn may_be_returned(&self) -> bool {
        self.deciding.is_some() && self.stage >= Stage::Appraised && !self.contested
    }

    /// The current class: as decided, or else as scored.
    pub(super) fn class(&self) -> Option<&str> {
        let scored = || Some(self.outcome.as_ref()?.class.as_ref()?.code.as_str());
        self.decided.as_deref().or_else(scored)
    }

    pub(super) fn total(&self) -> Option<&Exact> {
        self.outcome.as_ref()?.total.as_ref().map(|total| &total.exact)
    }

    pub(super) fn pack(&self) -> Option<&'static Pack> {
        pack::pinned(&self.key.pack)
    }
}

/// The cards that `actor` decides or publishes. Those that wait for it come first.
pub(super) fn rows(state: &State, actor: PersonId, period: Period, today: Day) -> Vec<DecideRow> {
    let mut keys = roster::cards_for(state, actor, Act::Decide, period);
    let publishes = roster::cards_for(state, actor, Act::Notify, period);
    let also: Vec<CardKey> = publishes.iter().filter(|key| !keys.contains(key)).cloned().collect();
    keys.extend(also);
    let mut rows: Vec<DecideRow> = keys.into_iter().map(|key| row(state, actor, key, today)).collect();
    rows.sort_by_key(|row| match row.stage {
        _ if row.absence.is_some() => 4,
        _ if row.may_be_entered() => 0,
        Stage::Appraised => 0,
        Stage::Approved => 1,
        Stage::Working | Stage::SelfScored => 2,
        Stage::Published => 3,
    });
    rows
}

fn row(state: &State, actor: PersonId, key: CardKey, today: Day) -> DecideRow {
    let card = state.card(&key);
    let approval = card.and_then(Card::approval);
    let led = state.led(&key);
    let missing = led.iter().filter(|one| one.total.is_none());
    let missing = missing.map(|one| roster::name(&state.org, one.person)).collect();
    let outcome = state.outcome(&key, Side::Appraised).and_then(Result::ok);
    let own = || state.outcome(&key, Side::SelfScored)?.ok()?.total.map(|total| total.exact);
    DecideRow {
        name: roster::name(&state.org, key.subject),
        title: roster::title(state, &key),
        handle: roster::handle(state, &key),
        regulation: roster::regulation(state, &key),
        unit: roster::belongs_to(state, &key),
        stage: card.map_or(Stage::Working, Card::stage),
        self_total: own(),
        approval: outcome.as_ref().and_then(|outcome| state.approval_of(&key, outcome, led)),
        outcome,
        decided: approval.map(|approval| approval.class.clone()),
        reckoned: approval.and_then(|approval| approval.reckoned.clone()),
        document: approval.and_then(|approval| approval.document.clone()),
        entered: approval.filter(|it| it.document.is_some()).and_then(|it| it.total.clone()),
        absence: card.and_then(|card| card.absence().cloned()),
        contested: card.is_some_and(|card| !card.contested().is_empty()),
        opens: Some(state.opens(&key, Act::Decide)).filter(|opens| *opens > today),
        missing,
        standing: state.org.seat_in(key.subject, key.period).map(|seat| seat.standing()),
        deciding: state.deciding_heard(&key, actor),
        publishes: state.acts(&key, Act::Notify, actor),
        key,
    }
}

/// The act that approves what the screen showed.
pub(super) fn approval(row: &DecideRow) -> Option<(CardKey, Payload)> {
    Some((row.key.clone(), Payload::Approve(row.deciding?.step, row.approval.clone()?)))
}

/// The act that enters what an authority outside decided, with total and class as its document says.
pub(super) fn entered(
    row: &DecideRow,
    total: Option<Exact>,
    class: String,
    document: Document,
    comment: String,
) -> Option<(CardKey, Payload)> {
    let (key, standing) = (row.key.clone(), row.standing.clone()?);
    let (led, document) = (Vec::new(), Some(document));
    let approval = Approval { total, class, comment, standing, led, reckoned: None, document };
    Some((key, Payload::Approve(row.deciding?.step, approval)))
}

/// The act that publishes what was decided.
pub(super) fn publication(row: &DecideRow) -> Option<(CardKey, Payload)> {
    let class = row.decided.clone()?;
    Some((row.key.clone(), Payload::Publish(Publication { class, document: None })))
}

/// The regulations of some cards, in the order in which they come.
pub(super) fn packs(rows: &[DecideRow]) -> Vec<&'static Pack> {
    let mut found: Vec<&'static Pack> = Vec::new();
    for pack in rows.iter().filter_map(DecideRow::pack) {
        if found.iter().all(|known| known.hash != pack.hash) {
            found.push(pack);
        }
    }
    found
}

fn assessed<'r>(rows: &'r [DecideRow], pack: &Pack) -> impl Iterator<Item = &'r DecideRow> {
    rows.iter().filter(move |row| row.key.pack == pack.hash && row.absence.is_none())
}

fn counts<'r>(rows: &'r [DecideRow], pack: &Pack) -> Map<&'r str, usize> {
    let mut counts = Map::new();
    for class in assessed(rows, pack).filter_map(DecideRow::class) {
        *counts.entry(class).or_default() += 1;
    }
    counts
}

/// One bar per class of a regulation, highest first, and one for the cards without a class.
pub(super) fn bars(rows: &[DecideRow], pack: &Pack) -> Vec<Bar> {
    let counts = counts(rows, pack);
    let mut bars: Vec<Bar> = pack
        .classes
        .iter()
        .map(|class| Bar {
            label: class_title(pack, &class.code),
            count: counts.get(class.code.as_str()).copied().unwrap_or_default(),
        })
        .collect();
    let classed: usize = bars.iter().map(|bar| bar.count).sum();
    bars.push(Bar { label: t::chart::no_class().to_owned(), count: assessed(rows, pack).count() - classed });
    bars
}

/// "2 hoàn thành xuất sắc, 5 hoàn thành tốt". Where there are several regulations, each is named.
pub(super) fn classes_words(rows: &[DecideRow]) -> String {
    let packs = packs(rows);
    let of_pack = |pack: &&'static Pack| {
        let counts = counts(rows, pack);
        let part = |class: &pack::Class| {
            let count = counts.get(class.code.as_str())?;
            Some(format!("{count} {}", class_title(pack, &class.code)))
        };
        let words = pack.classes.iter().filter_map(part).collect::<Vec<_>>().join(", ");
        if packs.len() > 1 { format!("{}: {words}", t::unit::under(pack.short_name())) } else { words }
    };
    packs.iter().map(of_pack).collect::<Vec<_>>().join("; ")
}

/// How deciding these cards changes the limited class, in words. With `only_over`, only where too many would be in it.
pub(super) fn pressure_words(state: &State, reader: PersonId, keys: &[CardKey], only_over: bool) -> Vec<String> {
    let touched: Vec<Pressure> = pressures(state, reader, keys);
    let said = touched.iter().filter(|one| !only_over || one.is_over()).filter_map(words_of);
    let words: Vec<String> = said.collect();
    let clause = touched
        .first()
        .and_then(|one| Some(t::approve::quota_is_yearly(&clause_words(pack::pinned(&one.pack)?, &one.clause))))
        .filter(|_| !words.is_empty());
    words.into_iter().chain(clause).collect()
}

fn words_of(one: &Pressure) -> Option<String> {
    let pack = pack::pinned(&one.pack)?;
    let (low, high) = one.allowed;
    let allowed = if low == high {
        t::approve::allowed(&low.to_string())
    } else {
        t::approve::allowed_range(&low.to_string(), &high.to_string(), one.missing)
    };
    Some(t::approve::pressure(
        &one.group,
        one.proposed,
        &class_title(pack, &one.class),
        &percent(&one.share),
        &class_title(pack, &one.of_class),
        &allowed,
    ))
}

/// The greatest share of a regulation's limited class, and how many are in it, in words. The screen of the quota calculates
/// the groups.
pub(super) fn quota_words(rows: &[DecideRow], pack: &Pack) -> Option<String> {
    let quota = pack.quota.as_ref()?;
    let counts = counts(rows, pack);
    let count = |code: &str| counts.get(code).copied().unwrap_or_default();
    Some(t::approve::quota(
        &class_title(pack, &quota.class),
        &percent(&quota.share),
        &class_title(pack, &quota.of_class),
        count(&quota.class),
        &clause_words(pack, &quota.clause),
    ))
}
