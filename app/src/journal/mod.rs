//! The journal client: it appends records to a file of the origin's private file system. An append returns after the
//! file was flushed. `public/journal-worker.js` writes the file.

use shared::sorted_map::Map;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use tokio_sync::sync::oneshot;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::platform::{describe, get, object};
use shared::device_store::{Condition, Frame, Record, Records};

/// A fixed name, because the service worker precaches this file.
const WORKER_URL: &str = "/journal-worker.js";

/// Why the journal failed.
#[derive(Clone, PartialEq, Eq)]
pub enum JournalError {
    /// Another tab has the journal open.
    Busy,
    /// The browser has no private file system, or one that cannot be flushed.
    Unsupported,
    /// The device is full; nothing was written.
    Full,
    /// The device refused; the text is what it said. Only opening the file again tells whether the last append is in
    /// it.
    Device(String),
}

type Waiting = Rc<RefCell<Map<u32, oneshot::Sender<Result<JsValue, JournalError>>>>>;

/// A journal held open by this tab.
pub struct Journal {
    worker: Worker,
    name: String,
    waiting: Waiting,
    next_id: Cell<u32>,
    size_bytes: Cell<u64>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(JsValue)>,
}

/// The content of a journal when it was opened.
pub struct Contents {
    /// Everything that could be read.
    pub records: Records,
    /// The condition of the file.
    pub condition: Condition,
}

impl Journal {
    /// Opens the journal `name` (a-z, 0-9, `-`, `_`).
    ///
    /// # Errors
    /// [`JournalError::Busy`] and [`JournalError::Unsupported`] decide how the app continues.
    pub async fn open(name: &str) -> Result<(Self, Contents), JournalError> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(WORKER_URL, &options).map_err(|_| JournalError::Unsupported)?;
        let waiting = Waiting::default();
        let on_message = answer_those_waiting(&waiting);
        let on_error = refuse_those_waiting(&waiting);
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let journal = Self {
            worker,
            name: name.to_owned(),
            waiting,
            next_id: Cell::new(1),
            size_bytes: Cell::new(0),
            _on_message: on_message,
            _on_error: on_error,
        };
        let contents = journal.read().await?;
        Ok((journal, contents))
    }

    async fn read(&self) -> Result<Contents, JournalError> {
        let answer = self.ask("open", &[("name", &JsValue::from_str(&self.name))]).await?;
        self.note_size(&answer);
        let frames = get(&answer, "frames").map(|list| read_frames(&list)).unwrap_or_default();
        let bytes = |name| bytes(&answer, name);
        let (torn_bytes, damaged_bytes) = (bytes("torn_bytes"), bytes("damaged_bytes"));
        let condition = Condition { torn_bytes, damaged_bytes, ..Condition::default() };
        let (records, condition) = Records::from_frames(frames, condition);
        Ok(Contents { records, condition })
    }

    /// Closes and opens the file again: after a refused write this is the only way to know what is in it.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn reopen(&self) -> Result<Contents, JournalError> {
        // A journal that is not open needs no closing.
        let _ = self.ask("close", &[]).await;
        self.read().await
    }

    /// Appends records. When it returns, they are flushed to the device.
    ///
    /// # Errors
    /// Nothing was written on [`JournalError::Full`].
    pub async fn append(&self, records: &[Record]) -> Result<(), JournalError> {
        self.write("append", records).await
    }

    /// Replaces all records. After a crash, the old journal or the new one is there.
    ///
    /// # Errors
    /// Then the old journal continues.
    pub async fn rewrite(&self, records: &[Record]) -> Result<(), JournalError> {
        self.write("rewrite", records).await
    }

    /// The size of the file in bytes.
    pub fn size_bytes(&self) -> u64 {
        self.size_bytes.get()
    }

    /// Closes the journal, so that another tab can open it.
    pub async fn close(&self) {
        // A worker that cannot close the file is ended, which also frees the file.
        let _ = self.ask("close", &[]).await;
    }

    async fn write(&self, request: &str, records: &[Record]) -> Result<(), JournalError> {
        let frames = Array::new();
        for frame in records.iter().map(Frame::from) {
            let bytes: JsValue = Uint8Array::from(frame.bytes.as_slice()).into();
            frames.push(&object(&[("kind", &JsValue::from(frame.kind)), ("bytes", &bytes)]));
        }
        let answer = self.ask(request, &[("frames", &frames)]).await?;
        self.note_size(&answer);
        Ok(())
    }

    fn note_size(&self, answer: &JsValue) {
        self.size_bytes.set(bytes(answer, "size"));
    }

    async fn ask(&self, request: &str, fields: &[(&str, &JsValue)]) -> Result<JsValue, JournalError> {
        let id = self.next_id.get();
        self.next_id.set(id.wrapping_add(1));
        let (sender, receiver) = oneshot::channel();
        self.waiting.borrow_mut().insert(id, sender);
        let (id, request) = (JsValue::from(id), JsValue::from_str(request));
        let mut all = vec![("id", &id), ("type", &request)];
        all.extend_from_slice(fields);
        self.worker.post_message(&object(&all)).map_err(|error| JournalError::Device(describe(&error)))?;
        receiver.await.unwrap_or_else(|_| Err(JournalError::Device("the journal's worker ended".to_owned())))
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        // This also frees the file if closing it was not possible.
        self.worker.terminate();
    }
}

fn read_frames(list: &JsValue) -> Vec<Frame> {
    let frame = |item: JsValue| {
        let kind = get(&item, "kind").ok()?.as_f64()? as u8;
        let bytes = get(&item, "bytes").ok()?.dyn_into::<Uint8Array>().ok()?;
        Some(Frame { kind, bytes: bytes.to_vec() })
    };
    Array::from(list).iter().filter_map(frame).collect()
}

/// A whole number of bytes below 2^53.
fn bytes(answer: &JsValue, name: &str) -> u64 {
    get(answer, name).ok().and_then(|value| value.as_f64()).map_or(0, |count| count as u64)
}

fn answer_those_waiting(waiting: &Waiting) -> Closure<dyn FnMut(MessageEvent)> {
    let waiting = Rc::clone(waiting);
    Closure::new(move |event: MessageEvent| {
        let answer = event.data();
        let id = get(&answer, "id").ok().and_then(|id| id.as_f64()).map(|id| id as u32);
        let sender = id.and_then(|id| waiting.borrow_mut().remove(&id));
        if let Some(sender) = sender {
            let ok = get(&answer, "ok").is_ok_and(|ok| ok.is_truthy());
            let _ = sender.send(if ok { Ok(answer) } else { Err(refusal(&answer)) });
        }
    })
}

fn refusal(answer: &JsValue) -> JournalError {
    let error = get(answer, "error").unwrap_or_default();
    let code = get(&error, "code").ok().and_then(|code| code.as_string()).unwrap_or_default();
    match code.as_str() {
        "busy" => JournalError::Busy,
        "unsupported" => JournalError::Unsupported,
        "quota" => JournalError::Full,
        _ => JournalError::Device(describe(&error)),
    }
}

/// Answers all waiting requests with an error: a worker that could not be loaded answers nothing.
fn refuse_those_waiting(waiting: &Waiting) -> Closure<dyn FnMut(JsValue)> {
    let waiting = Rc::clone(waiting);
    Closure::new(move |event: JsValue| {
        let said = describe(&event);
        for (_, sender) in std::mem::take(&mut *waiting.borrow_mut()) {
            let _ = sender.send(Err(JournalError::Device(said.clone())));
        }
    })
}
