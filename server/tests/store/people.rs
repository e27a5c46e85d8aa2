//! Accounts, sessions, devices, values.

use server::store::{Account, DeviceKey, Registration, Session, StoreError};
use shared::ids::{DeviceId, PersonId};
use shared::op::ChainKey;
use shared::time::Millis;

use crate::place::{Place, chain};

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
    assert_eq!(store.account("canbo1").await.unwrap(), Some(known.clone()));
    let password = Account { password_hash: "$argon2id$new".to_owned(), ..known };
    store.put_accounts(std::slice::from_ref(&password), Millis(3)).await.unwrap();
    assert_eq!(store.account("canbo1").await.unwrap(), Some(password), "the same person's password is another now");
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

pub(crate) async fn a_session_ends_at_its_time_or_when_told(place: Place) {
    let store = place.open().await;
    let session = |n: u8, created: u64, expires: u64| Session {
        token_hash: [n; 32],
        person: PersonId::from_bytes([n; 16]),
        created_at: Millis(created),
        expires_at: Millis(expires),
    };
    let (short, long) = (session(1, 10, 20), session(2, 10, 90));
    store.create_session(&short).await.unwrap();
    store.create_session(&long).await.unwrap();
    assert_eq!(store.session(&[1; 32], Millis(19)).await.unwrap(), Some(short));
    assert_eq!(store.session(&[1; 32], Millis(20)).await.unwrap(), None);
    store.create_session(&session(3, 30, 90)).await.unwrap();
    assert_eq!(store.session(&[1; 32], Millis(0)).await.unwrap(), None, "what has ended is forgotten");
    assert_eq!(store.session(&[2; 32], Millis(30)).await.unwrap(), Some(long));
    store.delete_session(&[2; 32]).await.unwrap();
    store.delete_session(&[2; 32]).await.unwrap();
    assert_eq!(store.session(&[2; 32], Millis(30)).await.unwrap(), None);
    assert!(store.create_session(&session(3, 30, 90)).await.is_err(), "a token belongs to one session");
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
