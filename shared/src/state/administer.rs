//! Judges changes of units, people, posts, mandates and work lists. Only programs that make or receive such operations need
//! it, that is the server's; a device does not contain it. What people adopt is judged in `adopting`.

use super::State;
use super::adopting::name;
use crate::ids::{PersonId, UnitId, WorkListId};
use crate::limits::{CODE_CHARS_MAX, PRODUCTS_PER_LIST_MAX, ROSTER_MAX};
use crate::op::{Body, Detail, Payload, Refusal, RefusalCode, Target, Verdict};
use crate::org::{Mandate, Post, Rank, Unit, UnitKind};
use crate::time::Day;
use crate::work::{Adoption, Product};

impl State {
    pub(super) fn judge_administration(&self, body: &Body, intent: &Payload, arrived: Day) -> Verdict {
        verdict(match &body.target {
            Target::WorkList(list) => self.judge_list(*list, body, intent, arrived),
            Target::Org | Target::Card(_) | Target::UnitPeriod(_) => self.judge_org(body, intent, arrived),
        })
    }

    fn judge_org(&self, body: &Body, intent: &Payload, arrived: Day) -> Result<(), Refusal> {
        let days = [body.hlc.at.day(), arrived];
        let entitled = |unit: UnitId| days.into_iter().try_for_each(|day| self.administers(body.actor, unit, day));
        match intent {
            Payload::PutUnit(unit) => self.unit_admits(body.actor, unit, entitled),
            Payload::PutPerson(person) => {
                name(&person.name, "person.name")?;
                // The system itself acts under this id, so nobody else may take it.
                if person.id == PersonId::SYSTEM {
                    office_only(body.actor)?;
                }
                let count = self.org.people().count();
                if count >= ROSTER_MAX {
                    return Err(Refusal::new(RefusalCode::OverLimit, "person").found(count).allowed(ROSTER_MAX));
                }
                // Those who keep a known person's records change that person. Anyone who keeps records adds a new one.
                let whose = if self.org.person(person.id).is_some() { person.id } else { body.actor };
                let unit = self.org.main_post(whose, arrived).map(|post| post.unit);
                unit.map_or_else(|| office_only(body.actor), entitled)
            }
            Payload::PutPost(post) => self.post_admits(body.actor, post, entitled),
            Payload::AdoptPack(adoption) => self.admits_adoption(body.actor, adoption, days),
            Payload::PutMandate(mandate) => self.mandate_admits(body.actor, mandate, arrived, entitled),
            _ => Err(Refusal::new(RefusalCode::Malformed, "target")),
        }
    }

    /// Checks a change of a mandate. Nobody gives one to oneself.
    fn mandate_admits(
        &self,
        actor: PersonId,
        mandate: &Mandate,
        arrived: Day,
        entitled: impl Fn(UnitId) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        self.known_person(mandate.person)?;
        self.known_unit(mandate.unit)?;
        name(&mandate.decision, "mandate.decision")?;
        name(&mandate.word, "mandate.word")?;
        mandate.subject.map_or(Ok(()), |subject| self.known_person(subject))?;
        if let Some(to) = mandate.to.filter(|to| *to < mandate.from) {
            return Err(Refusal::new(RefusalCode::OutOfRange, "mandate.to").found(to).allowed(mandate.from));
        }
        if let Some(known) = self.org.mandate(mandate.id) {
            entitled(known.unit)?;
            if known.person != mandate.person {
                return Err(Refusal::new(RefusalCode::Duplicate, "mandate.id").found(Detail::technical(&mandate.id)));
            }
        }
        // Whoever may be scored by it does not choose the scorer, and nobody is appointed for days that have passed.
        let scored = self.org.main_post(actor, arrived).is_some_and(|post| self.org.is_within(post.unit, mandate.unit));
        if actor == mandate.person || scored || mandate.from < arrived {
            office_only(actor)?;
        }
        entitled(mandate.unit)
    }

    /// Checks a change of a unit. The author must be entitled to administer it in its present place and in its new
    /// place.
    fn unit_admits(
        &self,
        actor: PersonId,
        unit: &Unit,
        entitled: impl Fn(UnitId) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        name(&unit.name, "unit.name")?;
        let known = self.org.unit(unit.id);
        if let Some(known) = known {
            entitled(known.id)?;
            if known.kind != unit.kind {
                office_only(actor)?;
            }
        }
        match unit.parent {
            parent if known.is_some_and(|known| known.parent == parent) => Ok(()),
            None => office_only(actor),
            Some(parent) if self.org.unit(parent).is_none() => {
                Err(Refusal::new(RefusalCode::Unknown, "unit.parent").found(Detail::technical(&parent)))
            }
            Some(parent) if self.org.would_circle(unit.id, parent) => {
                Err(Refusal::new(RefusalCode::Circle, "unit.parent").found(Detail::technical(&parent)))
            }
            Some(parent) => entitled(parent),
        }
    }

    /// Checks a change of a post. Nobody makes a post for themselves. Only the system decides who leads an agency or
    /// keeps its records.
    fn post_admits(
        &self,
        actor: PersonId,
        post: &Post,
        entitled: impl Fn(UnitId) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        name(&post.title, "post.title")?;
        self.known_person(post.person)?;
        self.known_unit(post.unit)?;
        if let Some(to) = post.to.filter(|to| *to < post.from) {
            return Err(Refusal::new(RefusalCode::OutOfRange, "post.to").found(to).allowed(post.from));
        }
        let known = self.org.post(post.id);
        if let Some(known) = known {
            entitled(known.unit)?;
            if known.person != post.person {
                return Err(Refusal::new(RefusalCode::Duplicate, "post.id").found(Detail::technical(&post.id)));
            }
        }
        let division = self.org.unit(post.unit).is_some_and(|unit| unit.kind == UnitKind::Division);
        let leads = |post: &Post| post.personnel || (post.rank == Rank::Head && !division);
        if actor == post.person || leads(post) || known.is_some_and(leads) {
            office_only(actor)?;
        }
        entitled(post.unit)
    }

    fn judge_list(&self, id: WorkListId, body: &Body, intent: &Payload, arrived: Day) -> Result<(), Refusal> {
        let days = [body.hlc.at.day(), arrived];
        let list = self.work_lists.get(id);
        if list.is_some_and(|list| list.adoption.is_some()) {
            return Err(Refusal::new(RefusalCode::WrongStage, "work_list").found("adopted"));
        }
        match intent {
            Payload::PutProducts(products) => {
                let keeps = |day: Day| self.org.posts_of(body.actor, day).iter().any(|post| post.personnel);
                if !days.into_iter().all(keeps) {
                    office_only(body.actor)?;
                }
                let known = list.map_or(0, |list| list.products.len());
                if known + products.len() > PRODUCTS_PER_LIST_MAX {
                    let refusal = Refusal::new(RefusalCode::OverLimit, "products").found(known + products.len());
                    return Err(refusal.allowed(PRODUCTS_PER_LIST_MAX));
                }
                products.iter().try_for_each(|product| {
                    if list.is_some_and(|list| list.products.contains_key(&product.code)) {
                        return Err(Refusal::new(RefusalCode::Duplicate, "product.code").found(&product.code));
                    }
                    valid_product(product)
                })
            }
            Payload::AdoptWorkList(adoption) => {
                self.adoption(list.map_or(0, |list| list.products.len()), body.actor, adoption, days)
            }
            _ => Err(Refusal::new(RefusalCode::Malformed, "target")),
        }
    }

    fn adoption(&self, products: usize, actor: PersonId, adoption: &Adoption, days: [Day; 2]) -> Result<(), Refusal> {
        name(&adoption.title, "title")?;
        self.known_unit(adoption.owner)?;
        if usize::try_from(adoption.products) != Ok(products) {
            let refusal = Refusal::new(RefusalCode::Missing, "products").found(products);
            return Err(refusal.allowed(usize::try_from(adoption.products).unwrap_or(usize::MAX)));
        }
        days.into_iter().try_for_each(|day| self.administers(actor, adoption.owner, day))
    }

    fn known_person(&self, person: PersonId) -> Result<(), Refusal> {
        self.org
            .person(person)
            .map(drop)
            .ok_or_else(|| Refusal::new(RefusalCode::Unknown, "person").found(Detail::technical(&person)))
    }
}

/// An adoption whose pack has not arrived waits for it.
fn verdict(judged: Result<(), Refusal>) -> Verdict {
    match judged {
        Ok(()) => Verdict::Accepted,
        Err(refusal) if refusal.code == RefusalCode::UnknownPack => Verdict::Held(refusal),
        Err(refusal) => Verdict::Rejected(refusal),
    }
}

fn office_only(actor: PersonId) -> Result<(), Refusal> {
    if actor == PersonId::SYSTEM { Ok(()) } else { Err(Refusal::new(RefusalCode::NotEntitled, "actor")) }
}

fn valid_product(product: &Product) -> Result<(), Refusal> {
    let code_chars = product.code.chars().count();
    if code_chars == 0 || code_chars > CODE_CHARS_MAX {
        return Err(Refusal::new(RefusalCode::OutOfRange, "product.code").found(code_chars).allowed(CODE_CHARS_MAX));
    }
    name(&product.name, "product.name")?;
    if product.points < product.frame_min || product.points > product.frame_max {
        let allowed = Detail::Numbers([product.frame_min.clone(), product.frame_max.clone()]);
        return Err(Refusal::new(RefusalCode::OutOfRange, "product.points").found(&product.points).allowed(allowed));
    }
    if product.coefficient.is_negative() || product.coefficient.is_zero() {
        return Err(Refusal::new(RefusalCode::OutOfRange, "product.coefficient").found(&product.coefficient));
    }
    Ok(())
}
