//! The address of a database on a server.

use std::fmt;
use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::words::said;

/// `postgres://user@host:port/name`, or a socket's folder as `postgres:///name?host=/folder`. It never contains a
/// password, because anyone who lists processes or reads logs would see it. Passwords come from `~/.pgpass` or the file
/// named by `PGPASSFILE`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// How to connect, with the password of the password file.
    ///
    /// # Errors
    /// When the address is not valid.
    pub fn options(&self) -> Result<PgConnectOptions, sqlx::Error> {
        PgConnectOptions::from_str(&self.0)
    }
}

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // The found text is not shown, because it may contain a password.
        const SUCH_AS: &str = "postgres://user@127.0.0.1:5432/congtam";
        let Some((scheme @ ("postgres" | "postgresql"), rest)) = text.split_once("://") else {
            return Err(said(
                format!("không bắt đầu bằng postgres://; cho phép: một địa chỉ như {SUCH_AS}"),
                format!("found another scheme; allowed: such as {SUCH_AS}"),
            ));
        };
        let (before_path, query) = (rest.split(['/', '?']).next(), rest.split_once('?').map(|(_, query)| query));
        let user = before_path.and_then(|authority| authority.rsplit_once('@')).map(|(user, _)| user);
        let in_query = query.unwrap_or_default().split('&').any(|pair| pair.starts_with("password="));
        if in_query || user.is_some_and(|user| user.contains(':')) {
            return Err(said(
                "có mật khẩu; chỉ cho phép đặt mật khẩu trong ~/.pgpass hoặc tệp mà PGPASSFILE nêu",
                "found a password; allowed: only in ~/.pgpass or the file named by PGPASSFILE",
            )
            .to_owned());
        }
        let options = PgConnectOptions::from_str(text).map_err(|error| {
            said(
                format!("không đọc được địa chỉ này ({error}); cho phép: một địa chỉ như {SUCH_AS}"),
                format!("{error}; allowed: such as {SUCH_AS}"),
            )
        })?;
        match options.get_ssl_mode() {
            PgSslMode::Require | PgSslMode::VerifyCa | PgSslMode::VerifyFull => Err(said(
                "có sslmode dùng TLS; cho phép: socket, chính máy này, hoặc đường hầm kết thúc ở máy này",
                "found sslmode with TLS; allowed: a socket, this machine, or a tunnel that ends on it",
            )
            .to_owned()),
            // The environment does not decide. This build does not speak TLS.
            _ => Ok(Self(format!("{scheme}://{rest}"))),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_scheme_and_no_secret_in_it() {
        for (text, refused) in [
            ("postgres://office@127.0.0.1:5432/congtam", ""),
            ("postgresql:///congtam?host=/run/postgresql&user=office", ""),
            ("postgres://127.0.0.1:5432/congtam", ""),
            ("mysql://office@127.0.0.1/congtam", "không bắt đầu bằng postgres://"),
            ("congtam", "không bắt đầu bằng postgres://"),
            ("postgres://office:secret@127.0.0.1/congtam", "có mật khẩu"),
            ("postgres://127.0.0.1/congtam?user=office&password=secret", "có mật khẩu"),
            ("postgres://127.0.0.1/congtam?sslmode=require", "TLS"),
            ("postgres://127.0.0.1:port/congtam", "không đọc được địa chỉ này"),
        ] {
            match text.parse::<DatabaseUrl>() {
                Ok(url) => assert!(refused.is_empty() && url.to_string() == text, "{text} was taken"),
                Err(error) => assert!(!refused.is_empty() && error.contains(refused), "{text}: {error}"),
            }
        }
    }
}
