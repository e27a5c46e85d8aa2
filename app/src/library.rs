//! The rule packs that this device can show and compare. The packs of its cards are here at once, all others once their
//! file has arrived. The service worker keeps that file from the first request on.

use std::cell::RefCell;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::ids::PackHash;
use shared::pack::{self, Pack, PackStatus};

use crate::i18n::t;
use crate::pages::whole_pack;
use crate::platform::shipped;
use crate::state::Workspace;

type Packs = Vec<Arc<Pack>>;

thread_local! {
    /// The packs that have arrived, so that no screen waits for them twice.
    static HERE: RefCell<Option<Packs>> = const { RefCell::new(None) };
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Arrival {
    Waiting,
    Failed,
    Here,
}

/// The packs that are here. Each screen that shows packs creates one.
#[derive(Clone, Copy)]
pub struct Library {
    packs: RwSignal<Packs>,
    arrival: RwSignal<Arrival>,
    /// The templates that are complete with the numbers entered on this device.
    whole: RwSignal<Packs>,
}

impl Library {
    /// Opens the library and fetches the packs that are not here yet.
    pub fn open() -> Self {
        let here = HERE.with_borrow(Clone::clone);
        let arrival = if here.is_some() { Arrival::Here } else { Arrival::Waiting };
        let this = Self {
            packs: RwSignal::new(in_order(with_own(here.unwrap_or_default()))),
            arrival: RwSignal::new(arrival),
            whole: RwSignal::new(Vec::new()),
        };
        this.refresh();
        if arrival == Arrival::Waiting {
            this.fetch();
        }
        this
    }

    /// Every pack that is here: regulations that can score, those that lack numbers, and samples. A caller in a memo or
    /// view runs again when more arrive.
    pub fn packs(self) -> Packs {
        self.packs.get()
    }

    /// The pack with this name, if it is here; see [`Self::name_of`].
    pub fn find(self, name: &str) -> Option<Arc<Pack>> {
        self.packs.with(|packs| packs.iter().find(|pack| name_in(packs, pack) == name).cloned())
    }

    /// The name of a pack in addresses: its id. A template and the pack that a unit made of it have the same id; of those,
    /// the made one is named by its hash.
    pub fn name_of(self, pack: &Pack) -> String {
        self.packs.with(|packs| name_in(packs, pack))
    }

    /// As [`Self::packs`], with the completed pack in place of each template that was completed here or that a unit lives
    /// by as completed.
    pub fn able(self) -> Packs {
        let whole = self.whole.get();
        let latest = |pack: &Arc<Pack>| whole.iter().find(|other| other.id == pack.id).unwrap_or(pack).clone();
        self.packs.with(|packs| {
            let made = |pack: &Pack| packs.iter().any(|other| other.id == pack.id && other.status != pack.status);
            let one = |pack: &Arc<Pack>| match pack.status {
                PackStatus::Template => (!made(pack)).then(|| latest(pack)),
                PackStatus::Complete | PackStatus::Sample => Some(Arc::clone(pack)),
            };
            packs.iter().filter_map(one).collect()
        })
    }

    /// Whether a template was completed on this device.
    pub fn is_whole(self, id: &str) -> bool {
        self.whole.with(|whole| whole.iter().any(|pack| pack.id == id))
    }

    /// Reads again what was entered for templates.
    pub fn refresh(self) {
        let packs = self.packs.get_untracked();
        let templates = packs.iter().filter(|pack| pack.status == PackStatus::Template);
        let _ = self.whole.try_set(templates.filter_map(|pack| whole_pack(pack)).map(Arc::new).collect());
    }

    fn fetch(self) {
        self.arrival.set(Arrival::Waiting);
        spawn_local(async move {
            let fetched = fetched().await;
            let arrival = if fetched.is_some() { Arrival::Here } else { Arrival::Failed };
            if let Some(packs) = fetched {
                HERE.set(Some(packs.clone()));
                // The person may have opened another screen meanwhile.
                if self.packs.try_set(in_order(with_own(packs))).is_none() {
                    self.refresh();
                }
            }
            let _ = self.arrival.try_set(arrival);
        });
    }

    /// Says in plain words why only some packs are here, and offers to ask again. Empty once all are here.
    pub fn notice(self) -> AnyView {
        let inside = move || {
            match self.arrival.get() {
            Arrival::Here => ().into_any(),
            Arrival::Waiting => view! { <p class="quiet" role="status">{t::rules::waiting()}</p> }.into_any(),
            Arrival::Failed => view! {
                <div class="notice" role="status" data-testid="packs-missing">
                    <div class="stack tight">
                        <p>{t::rules::not_here()}</p>
                        <div class="row"><button type="button" on:click=move |_| self.fetch()>{t::chunk::again()}</button></div>
                    </div>
                </div>
            }.into_any(),
        }
        };
        view! { <div>{inside}</div> }.into_any()
    }
}

fn name_in(packs: &Packs, pack: &Pack) -> String {
    let made = pack.status == PackStatus::Complete
        && packs.iter().any(|other| other.id == pack.id && other.status == PackStatus::Template);
    if made { pack.hash.to_string() } else { pack.id.clone() }
}

/// Adds the packs by which units live. Those that an office wrote or completed itself are in no file.
fn with_own(mut packs: Packs) -> Packs {
    let lived =
        untrack(|| Workspace::get().with_view(|state| state.adoptions.all().map(|one| one.pack).collect::<Vec<_>>()));
    let own =
        pack::all().filter(|pack| lived.contains(&pack.hash) && packs.iter().all(|known| known.hash != pack.hash));
    let own: Vec<_> = own.cloned().map(Arc::new).collect();
    packs.extend(own);
    packs
}

/// The file of all packs, if it arrives complete: its name contains the beginning of the hash of its content.
async fn fetched() -> Option<Packs> {
    let path = document().get_element_by_id("packs")?.get_attribute("href")?;
    let bytes = shipped(&path).await?;
    let named = path.rsplit('/').next()?.split('.').nth(1)?;
    let whole = PackHash::of(&bytes).to_string().starts_with(named);
    whole.then(|| pack::read_library(&bytes))?.map(|packs| packs.into_iter().map(Arc::new).collect())
}

fn in_order(packs: Packs) -> Packs {
    let of = |status: PackStatus| packs.iter().filter(move |pack| pack.status == status);
    of(PackStatus::Complete).chain(of(PackStatus::Template)).chain(of(PackStatus::Sample)).cloned().collect()
}
