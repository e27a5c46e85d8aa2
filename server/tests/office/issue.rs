//! Tests of issuing: a pack that was completed on a device, its blob and its adoption, in whichever order they arrive.

use ed25519_dalek::Signer as _;
use reqwest::StatusCode;
use shared::ids::{BlobHash, Nonce, OpId, UnitId};
use shared::op::{Body, Payload, Receipt, RefusalCode, SelfScore, SignedOperation, Target, VERSION, Verdict};
use shared::pack::{self, Pack, PackAdoption};
use shared::sorted_map::Map;
use shared::time::{Day, Hlc, Millis, Period};

use crate::harness::{Demo, Device, Server, demo_copy};

/// The decree as a commune might have completed it. `number` makes it another pack than that of any other test.
fn completed(number: &str) -> Pack {
    let decree = pack::find("nd335-congchuc").unwrap();
    let pack = Pack { id: format!("own-{number}"), instrument: number.to_owned(), ..decree.clone() };
    Pack::from_bytes(&pack.to_bytes()).unwrap()
}

fn next_month() -> Period {
    Period::month_of(server::clock::now().day()).next()
}

/// Noon in Vietnam.
fn noon(day: Day) -> Millis {
    Millis((i64::from(day.0) * 86_400_000 + 5 * 3_600_000).try_into().unwrap())
}

fn adoption(unit: UnitId, pack: &Pack) -> PackAdoption {
    PackAdoption {
        unit,
        id: pack.id.clone(),
        pack: pack.hash,
        roles: Vec::new(),
        from: next_month().first_day(),
        to: None,
        options: Map::new(),
        opens: None,
        bound: Vec::new(),
        decision: "12/QĐ-UBND ngày 20/11/2026".to_owned(),
        spans: Vec::new(),
    }
}

/// The personnel officer of the commune, on a device that has everything.
async fn officer(server: &Server, n: u8) -> (Device, UnitId) {
    let mut device = Device::of(server, "nhansu", n).await;
    device.sync().await;
    let org = &device.replica.view().org;
    let post = org.main_post(device.person, server::clock::now().day()).unwrap();
    let agency = org.agency_of(post.unit).unwrap();
    (device, agency)
}

/// Signs an act without judging it, as a changed app could.
fn signed(device: &Device, payload: &Payload) -> SignedOperation {
    let now = server::clock::now();
    let body = Body {
        version: VERSION,
        kind: payload.kind(),
        actor: device.person,
        device: device.id,
        epoch: 1,
        seq: 1,
        prev: None,
        base: Vec::new(),
        target: Target::Org,
        seen_seq: 0,
        hlc: Hlc { at: now, counter: 0 },
        last_server_time: now,
        payload: payload.to_bytes().into(),
        nonce: Some(Nonce([7; 16])),
    };
    let body = body.to_bytes();
    let signature = device.key.sign(&body).to_bytes().to_vec();
    SignedOperation { body, signature }
}

async fn pushed(device: &Device, adoption: PackAdoption) -> Receipt {
    device.push(vec![signed(device, &Payload::AdoptPack(adoption))]).await.remove(0)
}

async fn upload(device: &Device, bytes: &[u8], first: usize, end: usize) -> StatusCode {
    let hash = BlobHash::of(bytes);
    let request = device.client.put(format!("{}/v1/blobs/{hash}", device.url));
    let place = format!("bytes {first}-{}/{}", end - 1, bytes.len());
    let request = request.header("content-type", "application/octet-stream").header("content-range", place);
    request.body(bytes[first..end].to_vec()).send().await.unwrap().status()
}

/// Starts the server again at the address that a device knows. Its first request may meet the connection that was cut.
async fn again(server: &mut Server, data: &Demo, device: &Device) -> Server {
    server.kill();
    let started = Server::start(data.path(), &["--port", server.url.rsplit(':').next().unwrap()]);
    let _ = device.client.get(format!("{}/v1/live", device.url)).send().await;
    started
}

/// Issue 16, story 4: the pack first, then the adoption; another device receives both, and the next month is scored by it.
#[tokio::test]
async fn an_issued_pack_is_adopted_and_the_next_month_is_scored_by_it() {
    let data = demo_copy().await;
    let mut server = data.serve();
    let (mut device, agency) = officer(&server, 1).await;
    let own = completed("1");
    let bytes = own.to_bytes();
    pack::learn(&bytes).unwrap();
    // Signed without a network. The server is killed while it takes the pack, and again before it gets the adoption.
    let act = Payload::AdoptPack(adoption(agency, &own));
    device.act(Target::Org, &act);
    assert_eq!(upload(&device, &bytes, 0, 9_000).await, StatusCode::OK);
    let mut server = again(&mut server, &data, &device).await;
    assert_eq!(upload(&device, &bytes, 9_000, bytes.len()).await, StatusCode::OK);
    let server = again(&mut server, &data, &device).await;
    assert_eq!(device.replica.unsent().count(), 1, "the adoption is still on the device");
    device.sync().await;
    assert!(device.replica.attention().is_empty(), "{:?}", device.replica.attention());

    let mut official = Device::of(&server, "canbo1", 2).await;
    official.sync().await;
    let view = official.replica.view();
    assert!(view.packs_needed(official.person).contains(&own.hash));
    let path = format!("{}/v1/blobs/{}", server.url, BlobHash::from(own.hash));
    assert_eq!(official.client.get(path).send().await.unwrap().bytes().await.unwrap(), bytes);
    let key = view.card_key(official.person, next_month()).unwrap();
    assert_eq!(key.pack, own.hash);
    let this = view.card_key(official.person, Period::month_of(server::clock::now().day())).unwrap();
    assert_ne!(this.pack, own.hash, "the month that has begun keeps its rules");
    let submit = Payload::SubmitSelfScore(SelfScore::default());
    let judged = |day: Day| {
        let body = Body { target: Target::Card(key.clone()), actor: official.person, ..body_of(&submit, noon(day)) };
        view.judge(OpId::of(&body.to_bytes()), &body, noon(day)).refusal().map(|refusal| refusal.code)
    };
    assert_eq!(judged(Day(next_month().first_day().0 - 1)), Some(RefusalCode::TooEarly));
    assert_ne!(judged(next_month().first_day()), Some(RefusalCode::TooEarly));
}

fn body_of(payload: &Payload, at: Millis) -> Body {
    let device = shared::ids::DeviceId::from_bytes([9; 16]);
    Body {
        version: VERSION,
        kind: payload.kind(),
        actor: shared::ids::PersonId::SYSTEM,
        device,
        epoch: 1,
        seq: 1,
        prev: None,
        base: Vec::new(),
        target: Target::Org,
        seen_seq: 0,
        hlc: Hlc { at, counter: 0 },
        last_server_time: at,
        payload: payload.to_bytes().into(),
        nonce: None,
    }
}

/// What a person sends is checked at the server as `congtam adopt` checks a file: the pack must be there, and sound.
#[tokio::test]
async fn an_adoption_without_its_pack_or_with_an_unsound_one_does_not_count() {
    let data = demo_copy().await;
    let server = data.serve();
    let (device, agency) = officer(&server, 1).await;
    let absent = pushed(&device, adoption(agency, &completed("2"))).await;
    assert_eq!(absent.verdict.refusal().map(|refusal| refusal.code), Some(RefusalCode::UnknownPack));
    assert!(!absent.verdict.counts());

    let (device, agency) = officer(&server, 2).await;
    let mut unsound = completed("3");
    unsound.groups[0].max = "7".parse().unwrap();
    let bytes = unsound.to_bytes();
    assert_eq!(upload(&device, &bytes, 0, bytes.len()).await, StatusCode::OK);
    let unsound = Pack::from_bytes(&bytes).unwrap();
    let refused = pushed(&device, adoption(agency, &unsound)).await;
    let Verdict::Rejected(refusal) = &refused.verdict else { panic!("{:?}", refused.verdict) };
    assert_eq!((refusal.code, &*refusal.field), (RefusalCode::OutOfRange, "pack"));

    let (device, agency) = officer(&server, 3).await;
    let template = pack::find("longbien").unwrap();
    let bytes = template.to_bytes();
    assert_eq!(upload(&device, &bytes, 0, bytes.len()).await, StatusCode::OK);
    let refused = pushed(&device, adoption(agency, template)).await;
    assert_eq!(refused.verdict.refusal().map(|refusal| &*refusal.field), Some("pack.status"));

    let mut official = Device::of(&server, "canbo1", 4).await;
    official.sync().await;
    assert_eq!(official.replica.view().adoptions.all().filter(|one| one.unit == agency).count(), 0);
    assert_eq!(adoptions_of(&data).await, 0, "nothing counts after the log is folded again either");
}

/// How many adoptions of packs of these tests an office has.
async fn adoptions_of(data: &Demo) -> usize {
    let folded = server::open_directory::fold(&data.dir()).await.unwrap();
    folded.state().adoptions.all().filter(|one| one.id.starts_with("own-")).count()
}

/// Only who may adopt issues; and what the unit lived by before may be ended with the month under way, not earlier.
#[tokio::test]
async fn who_is_scored_ends_other_rules_only_with_the_month_under_way() {
    let data = demo_copy().await;
    let server = data.serve();
    let mut official = Device::of(&server, "canbo1", 1).await;
    official.sync().await;
    let (mut device, agency) = officer(&server, 2).await;
    let own = completed("4");
    pack::learn(&own.to_bytes()).unwrap();
    let refusal = official.try_act(Target::Org, &Payload::AdoptPack(adoption(agency, &own))).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::NotEntitled);
    let begun = PackAdoption { from: Day(next_month().first_day().0 - 1), ..adoption(agency, &own) };
    assert_eq!(device.try_act(Target::Org, &Payload::AdoptPack(begun)).unwrap_err().code, RefusalCode::TooEarly);

    // The agency lives by rules of its own, adopted by the office long ago.
    let old = PackAdoption {
        from: Day::parse("2026-01-01").unwrap(),
        ..adoption(agency, pack::find("nd335-congchuc").unwrap())
    };
    crate::harness::adopt_for(data.path(), agency);
    device.sync().await;
    let known = device.replica.view().adoptions.find(agency, &old.id, old.from).unwrap().clone();
    let until = |to: i32| Payload::AdoptPack(PackAdoption { to: Some(Day(to)), ..known.clone() });
    let last = next_month().first_day().0 - 1;
    assert_eq!(device.try_act(Target::Org, &until(last - 1)).unwrap_err().field, "from");
    device.act(Target::Org, &until(last));
    device.sync().await;
    assert!(device.replica.attention().is_empty(), "{:?}", device.replica.attention());
}
