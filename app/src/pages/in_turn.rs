//! Acts on several cards, done one after the other.

use leptos::prelude::*;
use shared::op::{CardKey, Payload, Target};

use crate::state::{ActError, Workspace};

/// Acts that are done in order. They stop at the first that fails.
#[derive(Clone, Copy)]
pub(super) struct InTurn {
    /// Why the last act failed.
    pub(super) error: RwSignal<Option<ActError>>,
    /// How many of the acts are done, and how many there are; `None` while no acts run.
    pub(super) progress: RwSignal<Option<(usize, usize)>>,
}

impl InTurn {
    pub(super) fn new() -> Self {
        Self { error: RwSignal::new(None), progress: RwSignal::new(None) }
    }

    pub(super) fn run(self, acts: Vec<(CardKey, Payload)>) {
        let workspace = Workspace::get();
        let all = acts.len();
        self.progress.set(Some((0, all)));
        workspace.see_through(async move {
            for (done, (key, payload)) in acts.into_iter().enumerate() {
                let _ = self.progress.try_set(Some((done, all)));
                let result = workspace.act(Target::Card(key), payload).await;
                let failed = result.is_err();
                let _ = self.error.try_set(result.err());
                if failed {
                    break;
                }
            }
            let _ = self.progress.try_set(None);
        });
    }
}
