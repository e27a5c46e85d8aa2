//! Records with numbered fields, as maps in CBOR: later versions add numbers, earlier ones pass over those they do not know, and
//! a number is never used again for something else. What is absent is none or an error; what is none is not written.
//!
//! The bytes are those of `minicbor`'s derived maps; that derives code for each field of each record, this finds the fields
//! first and then asks for them, which is a third of what a tablet would carry.

use minicbor::decode::{Decode, Decoder, Error as DecodeError};
use minicbor::encode::{Encode, Encoder, Error as EncodeError, Write};

/// Fields of a record are numbered below this; of a later version's beyond it nobody asks here.
pub(crate) const NUMBERS: usize = 32;

/// Where the fields of one record stand.
pub(crate) struct Fields {
    /// By number the position behind it, which is never 0; 0 where there is none.
    places: [usize; NUMBERS],
    end: usize,
    /// Why a field could not be read. Kept here, and not handed on by each of the many that ask, which costs code.
    error: Option<DecodeError>,
}

impl Fields {
    /// Finds the fields of the record at the front of the input.
    pub(crate) fn find(input: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let count = input.map()?;
        Self::note(count, true, input)
    }

    /// Finds the parts of one kind of an enumeration, which stand in a row.
    pub(crate) fn find_row(input: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let count = input.array()?;
        Self::note(count, false, input)
    }

    /// Notes where so many fields stand; of one number twice the later counts.
    #[inline(never)]
    fn note(count: Option<u64>, is_numbered: bool, input: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let mut places = [0; NUMBERS];
        for index in 0..count.ok_or_else(unknown_length)? {
            let number = if is_numbered { input.u64()? } else { index };
            if let Some(place) = usize::try_from(number).ok().and_then(|number| places.get_mut(number)) {
                *place = input.position();
            }
            pass(input)?;
        }
        Ok(Self { places, end: input.position(), error: None })
    }

    /// Goes to a field. Whether it is there.
    #[inline(never)]
    fn seek(&self, input: &mut Decoder<'_>, number: usize) -> bool {
        let place = self.places.get(number).copied().filter(|place| *place > 0);
        if let Some(place) = place {
            input.set_position(place);
        }
        place.is_some()
    }

    /// Reads one field; nothing when it cannot be read.
    pub(crate) fn read<'b, C, T: Decode<'b, C>>(
        &mut self,
        number: usize,
        input: &mut Decoder<'b>,
        context: &mut C,
    ) -> Option<T> {
        let read =
            if self.seek(input, number) { T::decode(input, context) } else { T::nil().ok_or_else(|| missing(number)) };
        match read {
            Ok(value) => Some(value),
            Err(error) => {
                self.error = Some(error);
                None
            }
        }
    }

    /// Goes behind the record, if all of it could be read.
    pub(crate) fn leave<T>(self, record: Option<T>, input: &mut Decoder<'_>) -> Result<T, DecodeError> {
        input.set_position(self.end);
        record.ok_or_else(|| self.error.unwrap_or_else(unknown_length))
    }
}

#[inline(never)]
fn missing(number: usize) -> DecodeError {
    DecodeError::missing_value(i64::try_from(number).unwrap_or_default())
}

fn unknown_length() -> DecodeError {
    DecodeError::message("a record of unknown length")
}

/// Goes behind the item at the front by lengths alone: what is read later is looked at then. What is of unknown length, which
/// nothing here writes, is left to the library.
fn pass(input: &mut Decoder<'_>) -> Result<(), DecodeError> {
    let bytes = input.input();
    let mut at = input.position();
    let mut items = 1_u64;
    while items > 0 {
        items = items.saturating_sub(1);
        let first = *bytes.get(at).ok_or_else(DecodeError::end_of_input)?;
        if first & 0x1F >= 28 {
            input.set_position(at);
            input.skip()?;
            at = input.position();
            continue;
        }
        at = at.saturating_add(1);
        let size = match first & 0x1F {
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            _ => 0,
        };
        let behind = at.saturating_add(size);
        let written = bytes.get(at..behind).ok_or_else(DecodeError::end_of_input)?;
        let count = match size {
            0 => u64::from(first & 0x1F),
            _ => written.iter().fold(0, |count, byte| count << 8 | u64::from(*byte)),
        };
        at = behind;
        match first >> 5 {
            2 | 3 => at = at.saturating_add(usize::try_from(count).unwrap_or(usize::MAX)),
            4 => items = items.saturating_add(count),
            5 => items = items.saturating_add(count.saturating_mul(2)),
            6 => items = items.saturating_add(1),
            _ => {}
        }
    }
    if at > bytes.len() {
        return Err(DecodeError::end_of_input());
    }
    input.set_position(at);
    Ok(())
}

/// Writes one field unless it is none.
pub(crate) fn write_field<C, T: Encode<C>, W: Write>(
    number: u64,
    field: &T,
    out: &mut Encoder<W>,
    context: &mut C,
) -> Result<(), EncodeError<W::Error>> {
    if field.is_nil() {
        return Ok(());
    }
    out.u64(number)?;
    field.encode(out, context)
}

/// Writes and reads records: `numbered! { Mark { 0 value, 1 reason } }`.
macro_rules! numbered {
    ($($type:ident { $($number:literal $field:ident),+ $(,)? })+) => {$(
        impl<C> minicbor::Encode<C> for $type {
            fn encode<W: minicbor::encode::Write>(
                &self,
                out: &mut minicbor::Encoder<W>,
                context: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                let there = [$(!minicbor::Encode::<C>::is_nil(&self.$field)),+];
                out.map(there.into_iter().map(u64::from).sum())?;
                $($crate::wire::write_field($number, &self.$field, out, context)?;)+
                Ok(())
            }
        }

        impl<'b, C> minicbor::Decode<'b, C> for $type {
            fn decode(input: &mut minicbor::Decoder<'b>, context: &mut C) -> Result<Self, minicbor::decode::Error> {
                $(const { assert!($number < $crate::wire::NUMBERS) };)+
                let mut fields = $crate::wire::Fields::find(input)?;
                let record = (|| Some(Self { $($field: fields.read($number, input, context)?),+ }))();
                fields.leave(record, input)
            }
        }
    )+};
}

/// Reads records that stand in a row, as `minicbor` derives their writing.
macro_rules! numbered_rows {
    ($($type:ident { $($number:literal $field:ident),+ $(,)? })+) => {$(
        impl<'b, C> minicbor::Decode<'b, C> for $type {
            fn decode(input: &mut minicbor::Decoder<'b>, context: &mut C) -> Result<Self, minicbor::decode::Error> {
                $(const { assert!($number < $crate::wire::NUMBERS) };)+
                let mut fields = $crate::wire::Fields::find_row(input)?;
                let record = (|| Some(Self { $($field: fields.read($number, input, context)?),+ }))();
                fields.leave(record, input)
            }
        }
    )+};
}

/// Reads the kinds of an enumeration, each a number and a row of parts, as `minicbor` derives their writing.
macro_rules! numbered_kinds {
    ($type:ident { $($kind:literal $name:ident { $($number:literal $field:tt),* }),+ $(,)? }) => {
        impl<'b, C> minicbor::Decode<'b, C> for $type {
            fn decode(input: &mut minicbor::Decoder<'b>, context: &mut C) -> Result<Self, minicbor::decode::Error> {
                if input.array()? != Some(2) {
                    return Err(minicbor::decode::Error::message("a kind and its parts"));
                }
                $($(const { assert!($number < $crate::wire::NUMBERS) };)*)+
                let kind = input.i64()?;
                let mut fields = $crate::wire::Fields::find_row(input)?;
                let read = match kind {
                    $($kind => {
                        #[allow(unused_mut, reason = "a kind without parts reads nothing")]
                        let mut parts = || Some(Self::$name { $($field: fields.read($number, input, context)?),* });
                        parts()
                    })+
                    other => return Err(minicbor::decode::Error::unknown_variant(other)),
                };
                fields.leave(read, input)
            }
        }
    };
}

pub(crate) use {numbered, numbered_kinds, numbered_rows};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::pass;

    #[derive(Debug, Clone, PartialEq, Eq)]
    struct Ours {
        first: u32,
        second: Option<String>,
        fifth: Vec<u8>,
    }

    numbered! { Ours { 0 first, 1 second, 5 fifth } }

    #[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
    #[cbor(map)]
    struct Derived {
        #[n(0)]
        first: u32,
        #[n(1)]
        second: Option<String>,
        #[n(5)]
        fifth: Vec<u8>,
    }

    proptest! {
        #[test]
        fn the_bytes_are_those_of_a_derived_map(first in any::<u32>(), second in any::<Option<String>>(), fifth in any::<Vec<u8>>()) {
            let ours = Ours { first, second: second.clone(), fifth: fifth.clone() };
            let derived = Derived { first, second, fifth };
            let bytes = minicbor::to_vec(&ours).unwrap();
            prop_assert_eq!(&bytes, &minicbor::to_vec(&derived).unwrap());
            prop_assert_eq!(minicbor::decode::<Derived>(&bytes).unwrap(), derived);
            prop_assert_eq!(minicbor::decode::<Ours>(&bytes).unwrap(), ours);
        }

        #[test]
        fn an_item_is_passed_over_where_the_library_passes_over_it(bytes in prop::collection::vec(any::<u8>(), 1..40)) {
            let (mut ours, mut theirs) = (minicbor::Decoder::new(&bytes), minicbor::Decoder::new(&bytes));
            if theirs.skip().is_ok() {
                prop_assert!(pass(&mut ours).is_ok(), "what was accepted once");
                prop_assert_eq!(ours.position(), theirs.position());
            }
        }

        #[test]
        fn no_bytes_make_reading_fail_otherwise_than_with_an_error(bytes in any::<Vec<u8>>()) {
            let ours = minicbor::decode::<Ours>(&bytes);
            if let Ok(ours) = ours {
                prop_assert_eq!(minicbor::decode::<Ours>(&minicbor::to_vec(&ours).unwrap()).unwrap(), ours);
            }
        }
    }

    #[test]
    fn unknown_fields_are_passed_over_and_missing_ones_named() {
        // {9: [1, {2: 3}], 5: [], 0: 7} and a byte behind it.
        let bytes = [0xA3, 9, 0x82, 1, 0xA1, 2, 3, 5, 0x80, 0, 7, 0xFF];
        let mut input = minicbor::Decoder::new(&bytes);
        assert_eq!(input.decode::<Ours>().unwrap(), Ours { first: 7, second: None, fifth: Vec::new() });
        assert_eq!(input.position(), bytes.len() - 1);
        let lacking = minicbor::decode::<Ours>(&[0xA1, 0, 7]).unwrap_err();
        assert!(lacking.is_missing_value(), "{lacking}");
    }
}
