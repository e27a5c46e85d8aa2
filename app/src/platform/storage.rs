//! How much storage the browser allows, and whether it promises to keep the data.

use wasm_bindgen::JsValue;

use super::javascript::{Js, await_promise, call, get, global};

/// The browser's estimate, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Estimate {
    /// Bytes used by this origin.
    pub used_bytes: Option<u64>,
    /// Bytes allowed for this origin.
    pub quota_bytes: Option<u64>,
}

async fn ask(question: &str) -> Js {
    let storage = get(&get(&global(), "navigator")?, "storage")?;
    await_promise(call(&storage, question, &[])?).await
}

/// The names of the files in the private file system; empty where there is no such file system.
pub async fn private_files() -> Vec<String> {
    let mut names = Vec::new();
    // What was listed before a failure is still valid.
    let _ = list_files(&mut names).await;
    names
}

async fn list_files(names: &mut Vec<String>) -> Js<()> {
    let keys = call(&ask("getDirectory").await?, "keys", &[])?;
    loop {
        let step = await_promise(call(&keys, "next", &[])?).await?;
        if get(&step, "done")?.is_truthy() {
            return Ok(());
        }
        names.extend(get(&step, "value")?.as_string());
    }
}

/// Asks the browser never to evict the data; absent when it has no answer.
pub async fn request_persistence() -> Option<bool> {
    ask("persist").await.ok()?.as_bool()
}

/// Whether the browser promised never to evict the data.
pub async fn is_persisted() -> Option<bool> {
    ask("persisted").await.ok()?.as_bool()
}

/// The browser's estimate of the used and allowed storage.
pub async fn estimate() -> Estimate {
    let Ok(answer) = ask("estimate").await else { return Estimate::default() };
    let bytes = |name: &str| get(&answer, name).ok().as_ref().and_then(JsValue::as_f64).map(|bytes| bytes as u64);
    Estimate { used_bytes: bytes("usage"), quota_bytes: bytes("quota") }
}
