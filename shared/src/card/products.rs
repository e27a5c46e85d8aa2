//! Weighted products on a card, in the form that the engine takes.

use crate::ids::ProductNumber;
use crate::op::ProductStated;
use crate::score::Product;
use crate::sorted_map::Map;

/// The products that count, in the order of their numbers. One that a superior struck out is left out.
pub(super) fn counted(products: &Map<ProductNumber, ProductStated>) -> Vec<Product> {
    products.values().filter(|product| !product.struck).map(Product::from).collect()
}

impl From<&ProductStated> for Product {
    fn from(stated: &ProductStated) -> Self {
        let ProductStated { frame, frame_weights, weight, standard, difficulty, axis, .. } = stated.clone();
        Self {
            code: stated.name.clone(),
            frame,
            frame_weights,
            weight,
            standard,
            difficulty,
            axis,
            main: stated.main,
            marks: stated.marks.clone(),
            assigned: stated.assigned.clone(),
            completed: stated.completed.clone(),
            late_days: stated.late_days,
        }
    }
}
