//! Tests of accounts, sessions, devices and values.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use server::store::{Account, DeviceKey, NewPassword, Registration, Session, Store, StoreError};
use shared::ids::{DeviceId, PersonId};
use shared::op::ChainKey;
use shared::time::Millis;

use crate::place::{Place, batch, chain, entry};

fn account(username: &str, person: u8) -> Account {
    let password_hash = format!("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ${person}");
    Account { username: username.to_owned(), person: PersonId::from_bytes([person; 16]), password_hash }
}

pub(crate) async fn a_name_signs_in_one_person_and_a_person_has_one_name(place: Place) {
    let store = place.open().await;
    let known = account("canbo1", 1);
    store.put_accounts(std::slice::from_ref(&known), Millis(1)).await.unwrap();
    let taken = store.put_accounts(&[account("canbo1", 2)], Millis(2)).await;
    assert!(matches!(taken, Err(StoreError::UsernameTaken { username }) if username == "canbo1"));
    assert!(matches!(store.put_accounts(&[account("canbo1b", 1)], Millis(2)).await, Err(StoreError::Database(_))));
    assert_eq!(store.account("canbo1").await.unwrap().unwrap().account, known);
    let password = Account { password_hash: "$argon2id$new".to_owned(), ..known };
    store.put_accounts(std::slice::from_ref(&password), Millis(3)).await.unwrap();
    let status = store.account("canbo1").await.unwrap().unwrap();
    assert_eq!(status.account, password, "the same person's password is another now");
    assert_eq!((status.password_changed_at, status.disabled_at), (None, None));
}

pub(crate) async fn accounts_are_put_all_or_none_and_listed_by_name(place: Place) {
    let store = place.open().await;
    let plain = Account { password_hash: "secret".to_owned(), ..account("b", 2) };
    assert!(store.put_accounts(&[account("a", 1), plain], Millis(1)).await.is_err(), "no password is kept readable");
    assert!(store.put_accounts(&[account("a", 1), account("Upper", 2)], Millis(1)).await.is_err());
    assert!(store.accounts().await.unwrap().is_empty());
    let names = ["z", "a-b", "ab", "a_c", "a1", "đạt", "d"];
    let accounts: Vec<Account> = (1..).zip(names).map(|(person, name)| account(name, person)).collect();
    store.put_accounts(&accounts, Millis(1)).await.unwrap();
    let listed: Vec<String> = store.accounts().await.unwrap().into_iter().map(|account| account.username).collect();
    let mut sorted = names.to_vec();
    sorted.sort_unstable();
    assert_eq!(listed, sorted, "byte by byte, whatever language the database speaks");
}

/// The session `n` of a person.
fn session(n: u8, person: u8, created: u64, expires: u64) -> Session {
    Session {
        token_hash: [n; 32],
        person: PersonId::from_bytes([person; 16]),
        created_at: Millis(created),
        expires_at: Millis(expires),
        address: Some(IpAddr::V4(Ipv4Addr::new(10, 0, 0, n))),
    }
}

/// Opens a session with the password that the account has.
async fn sign_in(store: &Arc<dyn Store>, session: &Session) -> Result<bool, StoreError> {
    store.create_session(session, &hash_of(store, session.person).await, None).await
}

async fn hash_of(store: &Arc<dyn Store>, person: PersonId) -> String {
    let accounts = store.accounts().await.unwrap();
    accounts.into_iter().find(|account| account.person == person).unwrap().password_hash
}

pub(crate) async fn a_session_ends_at_its_time_or_when_told(place: Place) {
    let store = place.open().await;
    store.put_accounts(&[account("a", 1), account("b", 2), account("c", 3)], Millis(1)).await.unwrap();
    let (short, long) = (session(1, 1, 10, 20), session(2, 2, 10, 90));
    assert!(sign_in(&store, &short).await.unwrap() && sign_in(&store, &long).await.unwrap());
    assert_eq!(store.session(&[1; 32], Millis(19)).await.unwrap(), Some(short));
    assert_eq!(store.session(&[1; 32], Millis(20)).await.unwrap(), None);
    assert!(sign_in(&store, &session(3, 3, 30, 90)).await.unwrap());
    assert_eq!(store.session(&[1; 32], Millis(0)).await.unwrap(), None, "what has ended is forgotten");
    assert_eq!(store.session(&[2; 32], Millis(30)).await.unwrap(), Some(long));
    store.delete_session(&[2; 32]).await.unwrap();
    store.delete_session(&[2; 32]).await.unwrap();
    assert_eq!(store.session(&[2; 32], Millis(30)).await.unwrap(), None);
    assert!(sign_in(&store, &session(3, 3, 30, 90)).await.is_err(), "a token belongs to one session");
    let nobody = store.create_session(&session(9, 9, 30, 90), "$argon2id$", None).await.unwrap();
    assert!(!nobody, "whoever has no account has no session");
}

pub(crate) async fn d4_a_session_takes_the_place_of_another(place: Place) {
    let store = place.open().await;
    store.put_accounts(&[account("a", 1), account("b", 2)], Millis(1)).await.unwrap();
    assert!(sign_in(&store, &session(1, 1, 10, 90)).await.unwrap());
    let next = session(2, 2, 11, 90);
    let hash = hash_of(&store, next.person).await;
    assert!(!store.create_session(&next, "$argon2id$wrong", Some(&[1; 32])).await.unwrap());
    assert!(store.session(&[1; 32], Millis(12)).await.unwrap().is_some(), "a sign-in that fails takes nothing away");
    assert!(store.create_session(&next, &hash, Some(&[1; 32])).await.unwrap());
    assert_eq!(store.session(&[1; 32], Millis(12)).await.unwrap(), None);
    assert_eq!(store.session(&[2; 32], Millis(12)).await.unwrap(), Some(next));
}

pub(crate) async fn d4_a_new_password_ends_every_session_but_the_one_to_keep(place: Place) {
    let store = place.open().await;
    store.put_accounts(&[account("a", 1), account("b", 2)], Millis(1)).await.unwrap();
    for own in [session(1, 1, 10, 90), session(2, 1, 11, 90), session(3, 2, 12, 90)] {
        assert!(sign_in(&store, &own).await.unwrap());
    }
    let person = PersonId::from_bytes([1; 16]);
    let tokens = async |person| {
        let sessions = store.sessions_of(person, Millis(20)).await.unwrap();
        sessions.iter().map(|session| session.token_hash[0]).collect::<Vec<_>>()
    };
    assert_eq!(tokens(person).await, [2, 1], "the latest first");
    let old = hash_of(&store, person).await;
    let chosen = NewPassword {
        person,
        hash: "$argon2id$chosen",
        chosen_at: Some(Millis(15)),
        instead_of: Some(&old),
        keep: Some([1; 32]),
    };
    assert!(store.set_password(chosen).await.unwrap());
    assert_eq!(tokens(person).await, [1]);
    assert_eq!(tokens(PersonId::from_bytes([2; 16])).await, [3], "another's go on");
    assert_eq!(store.account("a").await.unwrap().unwrap().password_changed_at, Some(Millis(15)));
    let late = store.create_session(&session(4, 1, 16, 90), &old, None).await.unwrap();
    assert!(!late, "who was signing in with the old password comes too late");
    let given = NewPassword { hash: "$argon2id$given", chosen_at: None, instead_of: None, keep: None, ..chosen };
    assert!(store.set_password(given).await.unwrap());
    assert!(tokens(person).await.is_empty());
    assert_eq!(store.account("a").await.unwrap().unwrap().password_changed_at, None, "given out, not chosen");
}

pub(crate) async fn d4_a_closed_account_has_no_sessions_until_it_is_opened_again(place: Place) {
    let store = place.open().await;
    store.put_accounts(&[account("a", 1)], Millis(1)).await.unwrap();
    assert!(sign_in(&store, &session(1, 1, 10, 90)).await.unwrap());
    let person = PersonId::from_bytes([1; 16]);
    assert!(store.disable_account(person, Millis(20)).await.unwrap());
    assert!(!store.disable_account(person, Millis(21)).await.unwrap(), "closed once");
    assert!(!store.disable_account(PersonId::from_bytes([7; 16]), Millis(21)).await.unwrap(), "nobody's");
    assert_eq!(store.session(&[1; 32], Millis(21)).await.unwrap(), None);
    assert!(!sign_in(&store, &session(2, 1, 22, 90)).await.unwrap());
    assert_eq!(store.account_statuses().await.unwrap()[0].disabled_at, Some(Millis(20)));
    let again = NewPassword { person, hash: "$argon2id$again", chosen_at: None, instead_of: None, keep: None };
    assert!(store.set_password(again).await.unwrap());
    assert!(
        !store.set_password(NewPassword { person: PersonId::from_bytes([7; 16]), ..again }).await.unwrap(),
        "nobody's"
    );
    assert_eq!(store.account_of(person).await.unwrap().unwrap().disabled_at, None);
    assert!(store.account_of(PersonId::from_bytes([7; 16])).await.unwrap().is_none());
    assert!(sign_in(&store, &session(2, 1, 22, 90)).await.unwrap());
}

pub(crate) async fn d4_whoever_chooses_a_password_undoes_nothing_that_the_office_did_meanwhile(place: Place) {
    let store = place.open().await;
    store.put_accounts(&[account("a", 1)], Millis(1)).await.unwrap();
    assert!(sign_in(&store, &session(1, 1, 10, 90)).await.unwrap());
    let person = PersonId::from_bytes([1; 16]);
    let judged = hash_of(&store, person).await;
    let chosen = NewPassword {
        person,
        hash: "$argon2id$chosen",
        chosen_at: Some(Millis(15)),
        instead_of: Some(&judged),
        keep: Some([1; 32]),
    };
    assert!(store.disable_account(person, Millis(14)).await.unwrap());
    assert!(!store.set_password(chosen).await.unwrap());
    let closed = store.account_of(person).await.unwrap().unwrap();
    assert_eq!((closed.disabled_at, closed.account.password_hash.as_str()), (Some(Millis(14)), judged.as_str()));

    let given = NewPassword { hash: "$argon2id$given", chosen_at: None, instead_of: None, keep: None, ..chosen };
    assert!(store.set_password(given).await.unwrap());
    assert!(sign_in(&store, &session(2, 1, 16, 90)).await.unwrap());
    assert!(!store.set_password(NewPassword { keep: None, ..chosen }).await.unwrap());
    let reset = store.account_of(person).await.unwrap().unwrap();
    assert_eq!((reset.password_changed_at, reset.account.password_hash.as_str()), (None, "$argon2id$given"));
    assert_eq!(store.sessions_of(person, Millis(20)).await.unwrap().len(), 1, "what changes nothing ends no session");
}

pub(crate) async fn d4_a_persons_keys_are_listed_with_what_they_last_signed(place: Place) {
    let store = place.open().await;
    let own = chain(1);
    for (epoch, at) in [(1, 10), (2, 20)] {
        let key = DeviceKey { chain: ChainKey { epoch, ..own }, public_key: [1; 32], label: format!("máy {epoch}") };
        store.register_device(&key, Millis(at)).await.unwrap();
    }
    store.commit(&batch(vec![entry(1, 1, 1), entry(2, 2, 1), entry(3, 1, 2)])).await.unwrap();
    let kept = store.devices_of(own.actor).await.unwrap();
    let told: Vec<_> = kept.iter().map(|kept| (kept.epoch, kept.registered_at, kept.last_received_at)).collect();
    assert_eq!(told, [(2, Millis(20), None), (1, Millis(10), Some(Millis(3)))]);
    assert_eq!((kept[0].device, kept[0].label.as_str()), (own.device, "máy 2"));
}

pub(crate) async fn a_key_once_bound_is_never_replaced(place: Place) {
    let store = place.open().await;
    let key = |epoch: u32, public_key: u8| DeviceKey {
        chain: ChainKey { epoch, ..chain(1) },
        public_key: [public_key; 32],
        label: "Máy tính bảng".to_owned(),
    };
    assert_eq!(store.epoch_max(chain(1).actor, chain(1).device).await.unwrap(), None);
    for again in 0..2 {
        let registered = store.register_device(&key(1, 1), Millis(again)).await.unwrap();
        assert_eq!(registered, Registration::Registered);
    }
    assert_eq!(store.register_device(&key(4, 2), Millis(1)).await.unwrap(), Registration::Registered);
    let taken = Registration::Taken { epoch_max: 4 };
    assert_eq!(store.register_device(&key(1, 2), Millis(1)).await.unwrap(), taken);
    assert_eq!(store.device_key(&key(1, 0).chain).await.unwrap(), Some([1; 32]));
    assert_eq!(store.device_key(&key(2, 0).chain).await.unwrap(), None);
    let elsewhere = ChainKey { device: DeviceId::from_bytes([9; 16]), ..chain(1) };
    assert_eq!(store.device_key(&elsewhere).await.unwrap(), None);
    assert_eq!(store.epoch_max(chain(1).actor, chain(1).device).await.unwrap(), Some(4));
}

pub(crate) async fn a_character_that_databases_refuse_is_nobodys_name(place: Place) {
    let store = place.open().await;
    store.put_accounts(&[account("canbo", 1)], Millis(1)).await.unwrap();
    assert_eq!(store.account("can\0bo").await.unwrap(), None);
    let key = DeviceKey { chain: chain(1), public_key: [1; 32], label: "a\0b".to_owned() };
    assert_eq!(store.register_device(&key, Millis(1)).await.unwrap(), Registration::Registered);
}

pub(crate) async fn a_value_is_kept_under_its_key(place: Place) {
    let store = place.open().await;
    assert_eq!(store.meta("a").await.unwrap(), None);
    for value in [&b"1"[..], b"", &[0, 255]] {
        store.put_meta("a", value).await.unwrap();
        assert_eq!(store.meta("a").await.unwrap().as_deref(), Some(value));
    }
    store.ping().await.unwrap();
}
