//! The words for roles and kinds of units in lists of people.

use shared::org::{Rank, UnitKind};

/// The roles with the wordings recognised, the usual one first.
pub(super) const ROLES: [(Rank, &str, &[&str]); 4] = [
    (
        Rank::Head,
        "Trưởng",
        &["truong", "captruong", "nguoidungdau", "thutruong", "chutich", "truongphong", "giamdoc", "head"],
    ),
    (Rank::Deputy, "Phó", &["pho", "capho", "phochutich", "photruongphong", "phophong", "phogiamdoc", "deputy"]),
    (Rank::Staff, "Chuyên viên", &["chuyenvien", "congchuc", "staff"]),
    (Rank::Support, "Phục vụ", &["phucvu", "nhanvienphucvu", "hotrophucvu", "support"]),
];

/// The kinds of units with the wordings recognised.
pub(super) const KINDS: [(UnitKind, &str, &[&str]); 3] = [
    (UnitKind::Region, "Cấp trên", &["captren", "tinh", "cum", "region"]),
    (UnitKind::Agency, "Cơ quan", &["coquan", "ubnd", "agency"]),
    (UnitKind::Division, "Phòng ban", &["phongban", "phong", "trungtam", "division"]),
];
