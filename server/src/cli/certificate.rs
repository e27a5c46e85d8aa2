//! `congtam certificate`: sets up HTTPS for a commune's own network without an outside authority.

use std::path::PathBuf;
use std::process::ExitCode;

use super::lang::spoken;
use super::tell;
use crate::certificate::{self, Host, Made};
use crate::data_directory::DataDirectory;

/// Arguments of `certificate`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folder of the office, in which authority and certificate are kept
    #[arg(long, env = "CONGTAM_DATA", value_name = "DIR")]
    data: PathBuf,
    /// A name or address by which tablets call the server, such as congtam.xavidu.vn or 192.168.1.10; may be given several times
    #[arg(long = "host", value_name = "NAME", required = true, num_args = 1..)]
    hosts: Vec<Host>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    DataDirectory::new(&args.data).create()?;
    let made = certificate::make(&args.data, &args.hosts)?;
    let host = args.hosts.first().map(ToString::to_string).unwrap_or_default();
    tell(&spoken().pick(vietnamese as fn(&Made, &str) -> String, english)(&made, &host))?;
    Ok(ExitCode::SUCCESS)
}

fn day(made: &Made) -> String {
    let day = made.until.date();
    format!("{:02}/{:02}/{}", day.day(), u8::from(day.month()), day.year())
}

fn vietnamese(made: &Made, host: &str) -> String {
    let Made { authority, fingerprint, certificate, private_key, .. } = made;
    let (authority, certificate, private_key) = (authority.display(), certificate.display(), private_key.display());
    let install = if made.authority_is_new {
        format!(
            "Cài tệp chứng thực {authority} vào từng máy tính bảng, mỗi máy một lần:\n\
             \x20 Android:  Cài đặt → Bảo mật → Mã hóa và thông tin xác thực → Cài đặt chứng chỉ → Chứng chỉ CA.\n\
             \x20 Windows:  mở tệp → Cài đặt chứng chỉ → Máy cục bộ → Cơ quan cấp chứng chỉ gốc đáng tin cậy.\n\
             \x20 iPad:     mở tệp → Cài đặt → Đã tải về hồ sơ → Cài đặt; rồi Cài đặt chung → Giới thiệu → Cài đặt tin cậy chứng nhận.\n\
             Chép tệp bằng thẻ nhớ hoặc cáp, không gửi qua mạng. Khi cài, so dấu vân tay SHA-256:\n\
             \x20 {fingerprint}\n"
        )
    } else {
        "Tệp chứng thực đã cài trên máy tính bảng vẫn dùng được; không phải cài lại.\n".to_owned()
    };
    format!(
        "Chứng chỉ của máy chủ: {certificate}, đến hết ngày {}; chạy lại lệnh này trước ngày đó.\n\n\
         Chạy máy chủ:\n\
         \x20 congtam serve --data … --static … --address 0.0.0.0 --port 8443 --certificate {certificate} --private-key {private_key}\n\
         Mở trên máy tính bảng: https://{host}:8443\n\n\
         {install}\
         Giữ kín các tệp .key: ai có chúng có thể giả làm máy chủ này.",
        day(made)
    )
}

fn english(made: &Made, host: &str) -> String {
    let Made { authority, fingerprint, certificate, private_key, .. } = made;
    let (authority, certificate, private_key) = (authority.display(), certificate.display(), private_key.display());
    let install = if made.authority_is_new {
        format!(
            "Install the authority {authority} on every tablet, once each:\n\
             \x20 Android:  Settings → Security → Encryption & credentials → Install a certificate → CA certificate.\n\
             \x20 Windows:  open the file → Install Certificate → Local Machine → Trusted Root Certification Authorities.\n\
             \x20 iPad:     open the file → Settings → Profile Downloaded → Install; then General → About → Certificate Trust Settings.\n\
             Carry the file there on a card or cable, not over the network. While installing, compare the SHA-256 fingerprint:\n\
             \x20 {fingerprint}\n"
        )
    } else {
        "The authority that is installed on the tablets still holds; nothing is to be installed again.\n".to_owned()
    };
    format!(
        "Certificate of the server: {certificate}, until {}; run this command again before that day.\n\n\
         Run the server:\n\
         \x20 congtam serve --data … --static … --address 0.0.0.0 --port 8443 --certificate {certificate} --private-key {private_key}\n\
         Open on the tablets: https://{host}:8443\n\n\
         {install}\
         Keep the .key files to yourself: whoever has them can imitate this server.",
        day(made)
    )
}
