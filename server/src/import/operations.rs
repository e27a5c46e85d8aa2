//! Turns a plan into the operations that carry it out. An import writes nothing else.

use shared::ids::UnitId;
use shared::limits::OPERATION_BYTES_MAX;
use shared::op::Payload;
use shared::time::Day;
use shared::work::{Adoption, Product};

use super::work_list::WorkListPlan;

/// Room left in an operation for the envelope around the payload.
const ENVELOPE_BYTES_MAX: usize = 2 * 1024;

/// The operations that put a planned list in force for `owner` from `effective_from`. First come its products in parts,
/// each within the size of an operation, then the adoption of the whole. None when the plan was refused.
#[must_use]
pub fn work_list_payloads(plan: &WorkListPlan, owner: UnitId, effective_from: Day) -> Vec<Payload> {
    let (Some(standard_points), true) = (plan.standard_points.clone(), plan.report.accepted) else {
        return Vec::new();
    };
    let Ok(products) = u32::try_from(plan.products.len()) else {
        return Vec::new();
    };
    let mut payloads: Vec<Payload> = in_parts(&plan.products).into_iter().map(Payload::PutProducts).collect();
    let title = plan.title.clone();
    payloads.push(Payload::AdoptWorkList(Adoption { title, owner, standard_points, effective_from, products }));
    payloads
}

fn in_parts(products: &[Product]) -> Vec<Vec<Product>> {
    let mut parts: Vec<Vec<Product>> = Vec::new();
    let mut part = Vec::new();
    let mut part_bytes = 0;
    for product in products {
        let bytes = Payload::PutProducts(vec![product.clone()]).to_bytes().len();
        if part_bytes + bytes > OPERATION_BYTES_MAX - ENVELOPE_BYTES_MAX && !part.is_empty() {
            parts.push(std::mem::take(&mut part));
            part_bytes = 0;
        }
        part_bytes += bytes;
        part.push(product.clone());
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}
