//! What the later chunks of the download draw. Planning the own month and marking it need only the first chunk, so that a
//! slow line delays them least; what few cards state beside marks (events, facts) comes with the daily one. The daily chunk is fetched as soon as somebody is signed in, the reference chunk when
//! somebody asks for it. Both are kept for offline use.

use std::cell::Cell;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::SplitLoaderError;

use shared::op::{CardKey, Refusal};
use shared::pack::Pack;
use shared::score::{CardInput, InputError};
use shared::state::Judge;

use crate::components::{OtherPeriods, SignInToSend, SpanChoice, comparison, follow_steps, wrong_inputs};
use crate::i18n::{refusal, t};
use crate::pages::{
    Approve, CardHead, Heard, LineFields, LineHandle, Month, Objections, OwnSheet, OwnStatements, Published,
    QuotaScreen, Rules, SameAsLastMonth, Settings, SyncPage, ToSayList, ToScore, UnitMonth, Waiting, WorkLevel, Year,
};
use crate::screens::{Chunk, Screen};
use crate::sync::{SendPacks, send_packs};

/// What the later chunks draw.
#[derive(Clone, Copy)]
pub(crate) enum Piece {
    /// A screen that is not in the first chunk.
    Screen(Screen),
    /// A decided card, shown to its subject. In the daily chunk.
    Published(StoredValue<CardKey>),
    /// The fields of a line of work that are entered less often. In the daily chunk.
    LineDetails(LineHandle),
    /// The way to sign in again on the current page. In the daily chunk.
    SignInToSend,
    /// The choice of the length of the period shown. In the daily chunk.
    Spans,
    /// That a period of another length waits. In the daily chunk.
    OtherPeriods,
    /// The button for last month's work once more, on the own month. In the daily chunk.
    SameAsLastMonth(Month),
    /// The level of the work that is added next, where work is weighed by levels. In the daily chunk.
    WorkLevel(Month),
    /// Why an act was refused. In the daily chunk.
    Refused(StoredValue<Refusal>),
    /// What the scoring engine refused. In the daily chunk.
    Wrong(StoredValue<Vec<InputError>>),
    /// What stands above the person's own card: its steps, and notices about it. In the daily chunk.
    Head(StoredValue<CardKey>),
    /// What a person states on the own score beside marks and words. In the daily chunk.
    OwnStatements(OwnSheet),
    /// What of the own score waits for a superior. In the daily chunk.
    Waiting(OwnSheet),
    /// What was said on a card before its result. In the reference chunk.
    Heard(StoredValue<CardKey>),
    /// The objection to a published result, its answer, and results made known before. In the reference chunk.
    Objections(StoredValue<CardKey>),
    /// What the signed-in person is asked to say about others. In the reference chunk.
    ToSay,
    /// How a number on a screen of the first chunk was computed. In the daily chunk.
    Why { pack: &'static Pack, role: &'static str, evidence: Signal<Option<CardInput>> },
    /// The same evidence under two regulations. In the reference chunk.
    Compare { pack: &'static Pack, evidence: Signal<Option<CardInput>> },
}

impl Piece {
    fn chunk(self) -> Chunk {
        match self {
            Self::Screen(screen) => screen.chunk(),
            Self::Published(_)
            | Self::LineDetails(_)
            | Self::Head(_)
            | Self::SignInToSend
            | Self::Spans
            | Self::OtherPeriods
            | Self::SameAsLastMonth(_)
            | Self::WorkLevel(_)
            | Self::Refused(_)
            | Self::OwnStatements(_)
            | Self::Waiting(_)
            | Self::Wrong(_)
            | Self::Why { .. } => Chunk::Daily,
            Self::Compare { .. } | Self::Heard(_) | Self::Objections(_) | Self::ToSay => Chunk::Reference,
        }
    }
}

impl Piece {
    /// Whether most people have nothing to see there, so that its coming is not announced.
    const fn comes_quietly(self) -> bool {
        matches!(self, Self::Spans | Self::Waiting(_) | Self::ToSay | Self::Heard(_) | Self::Objections(_))
    }
}

type Draw = fn(Piece) -> AnyView;

fn draw_daily(piece: Piece) -> AnyView {
    match piece {
        Piece::Screen(Screen::Sync) => view! { <SyncPage /> }.into_any(),
        Piece::Screen(Screen::Settings) => view! { <Settings /> }.into_any(),
        Piece::Screen(Screen::Year) => view! { <Year /> }.into_any(),
        Piece::Why { pack, role, evidence } => follow_steps(pack, role, evidence),
        Piece::LineDetails(line) => view! { <LineFields line=line /> }.into_any(),
        Piece::SignInToSend => view! { <SignInToSend /> }.into_any(),
        Piece::Spans => view! { <SpanChoice /> }.into_any(),
        Piece::OtherPeriods => view! { <OtherPeriods /> }.into_any(),
        Piece::SameAsLastMonth(month) => view! { <SameAsLastMonth month=month /> }.into_any(),
        Piece::WorkLevel(month) => view! { <WorkLevel month=month /> }.into_any(),
        Piece::Refused(reason) => view! { <p>{refusal(&reason.read_value())}</p> }.into_any(),
        Piece::Wrong(errors) => wrong_inputs(&errors.read_value()),
        Piece::Head(key) => view! { <CardHead key=key.get_value() /> }.into_any(),
        Piece::OwnStatements(sheet) => view! { <OwnStatements sheet=sheet /> }.into_any(),
        Piece::Waiting(sheet) => view! { <Waiting sheet=sheet /> }.into_any(),
        Piece::Published(key) => view! { <Published key=key.get_value() /> }.into_any(),
        Piece::Screen(
            Screen::MyMonth
            | Screen::SelfScore
            | Screen::SignIn
            | Screen::ToScore
            | Screen::Approve
            | Screen::UnitMonth
            | Screen::Quota
            | Screen::Rules,
        )
        | Piece::Compare { .. }
        | Piece::Heard(_)
        | Piece::Objections(_)
        | Piece::ToSay => ().into_any(),
    }
}

fn draw_reference(piece: Piece) -> AnyView {
    match piece {
        Piece::Screen(Screen::ToScore) => view! { <ToScore /> }.into_any(),
        Piece::Screen(Screen::Approve) => view! { <Approve /> }.into_any(),
        Piece::Screen(Screen::Rules) => view! { <Rules /> }.into_any(),
        Piece::Screen(Screen::UnitMonth) => view! { <UnitMonth /> }.into_any(),
        Piece::Screen(Screen::Quota) => view! { <QuotaScreen /> }.into_any(),
        Piece::Compare { pack, evidence } => comparison(pack, evidence),
        Piece::Heard(key) => view! { <Heard key=key.get_value() /> }.into_any(),
        Piece::Objections(key) => view! { <Objections key=key.get_value() /> }.into_any(),
        Piece::ToSay => view! { <ToSayList /> }.into_any(),
        Piece::Screen(
            Screen::MyMonth | Screen::SelfScore | Screen::SignIn | Screen::Sync | Screen::Settings | Screen::Year,
        )
        | Piece::Published(_)
        | Piece::LineDetails(_)
        | Piece::Head(_)
        | Piece::Spans
        | Piece::OtherPeriods
        | Piece::SameAsLastMonth(_)
        | Piece::WorkLevel(_)
        | Piece::Refused(_)
        | Piece::Wrong(_)
        | Piece::SignInToSend
        | Piece::OwnStatements(_)
        | Piece::Waiting(_)
        | Piece::Why { .. } => ().into_any(),
    }
}

#[allow(unsafe_code, reason = "the macro declares the border between the two files; see DESIGN.md")]
mod border {
    use super::{Draw, Judge, SendPacks, SplitLoaderError, draw_daily, draw_reference, send_packs};

    #[leptos::wasm_split::wasm_split(daily, wasm_split_path = ::leptos::wasm_split, fallible)]
    pub(super) fn daily() -> Result<(Draw, Judge), SplitLoaderError> {
        Ok((draw_daily, Judge::WHOLE))
    }

    #[leptos::wasm_split::wasm_split(reference, wasm_split_path = ::leptos::wasm_split, fallible)]
    pub(super) fn reference() -> Result<(Draw, SendPacks), SplitLoaderError> {
        Ok((draw_reference, send_packs))
    }
}

#[derive(Clone, Copy)]
enum Arrival {
    Waiting,
    Failed,
    Here(Draw),
}

thread_local! {
    /// The chunks that have arrived, so that no screen waits for one twice.
    static DAILY: Cell<Option<Draw>> = const { Cell::new(None) };
    static REFERENCE: Cell<Option<Draw>> = const { Cell::new(None) };
    static SEND_PACKS: Cell<Option<SendPacks>> = const { Cell::new(None) };
    static OWN_JUDGE: Cell<Judge> = const { Cell::new(Judge::OWN) };
}

/// The judgement of what a person does on the own card: the part that came first, or all of it once the daily chunk is here.
pub(crate) fn own_judge() -> Judge {
    OWN_JUDGE.get()
}

fn here(chunk: Chunk) -> Option<Draw> {
    if chunk == Chunk::Reference { REFERENCE.get() } else { DAILY.get() }
}

fn draw_of_reference((draw, send): (Draw, SendPacks)) -> Draw {
    SEND_PACKS.set(Some(send));
    draw
}

fn draw_of_daily((draw, judge): (Draw, Judge)) -> Draw {
    OWN_JUDGE.set(judge);
    draw
}

async fn arrive(chunk: Chunk) -> Arrival {
    let (found, place) = match chunk {
        Chunk::Reference => (border::reference().await.map(draw_of_reference), &REFERENCE),
        Chunk::Start | Chunk::Daily => (border::daily().await.map(draw_of_daily), &DAILY),
    };
    if let Ok(draw) = found {
        place.set(Some(draw));
    }
    found.map_or(Arrival::Failed, Arrival::Here)
}

/// A piece of a later chunk. While the chunk is missing, it says why in plain words.
#[component]
pub(crate) fn Deferred(piece: Piece) -> impl IntoView {
    let chunk = piece.chunk();
    let arrival = RwSignal::new(here(chunk).map_or(Arrival::Waiting, Arrival::Here));
    let fetch = move || {
        arrival.set(Arrival::Waiting);
        spawn_local(async move {
            let arrived = arrive(chunk).await;
            // The person may have opened another screen meanwhile.
            let _ = arrival.try_set(arrived);
        });
    };
    if here(chunk).is_none() {
        fetch();
    }
    move || match arrival.get() {
        Arrival::Here(draw) => draw(piece),
        Arrival::Waiting | Arrival::Failed if piece.comes_quietly() => ().into_any(),
        Arrival::Waiting => view! { <p role="status">{t::chunk::waiting()}</p> }.into_any(),
        Arrival::Failed => view! {
            <div class="notice care" role="status" data-testid="screen-missing">
                <p>{t::chunk::missing()}</p>
                <button type="button" on:click=move |_| fetch()>{t::chunk::again()}</button>
            </div>
        }
        .into_any(),
    }
}

/// What sends issued packs to the server. None while its chunk is missing.
pub(crate) async fn pack_sender() -> Option<SendPacks> {
    let _ = arrive(Chunk::Reference).await;
    SEND_PACKS.get()
}

/// Fetches the daily chunk without showing anything, so that it is here when the network is not.
pub(crate) fn fetch_daily_ahead() {
    fetch_ahead(Chunk::Daily);
}

/// Fetches the reference chunk in the same way, for people who score, approve or oversee a unit: they may need the
/// quota, and report the unit's period, without a network.
pub(crate) fn fetch_reference_ahead() {
    fetch_ahead(Chunk::Reference);
}

fn fetch_ahead(chunk: Chunk) {
    spawn_local(async move {
        // Opening one of its screens reports a failure and lets the person try again.
        let _ = arrive(chunk).await;
    });
}
