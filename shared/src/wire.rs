//! Records with numbered fields, as maps in CBOR: later versions add numbers, earlier ones pass over those they do not know, and
//! a number is never used again for something else. What is absent is none or an error; what is none is not written.
//!
//! The bytes are those of `minicbor`'s derived maps; that derives code for each field of each record, this finds the fields
//! first and then asks for them, which is a third of what a tablet would carry.

use minicbor::decode::{Decode, Decoder, Error as DecodeError};
use minicbor::encode::{Encode, Encoder, Error as EncodeError, Write};

/// Where the fields of one record stand.
pub(crate) struct Fields {
    /// Number and position of each.
    places: Vec<(u64, usize)>,
    end: usize,
}

impl Fields {
    /// Finds the fields of the record at the front of the input.
    #[inline(never)]
    pub(crate) fn find(input: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let count = input.map()?.ok_or_else(|| DecodeError::message("a record of unknown length"))?;
        let mut places = Vec::new();
        for _ in 0..count {
            let number = input.u64()?;
            places.push((number, input.position()));
            input.skip()?;
        }
        Ok(Self { places, end: input.position() })
    }

    /// Finds the parts of one kind of an enumeration, which stand in a row.
    #[inline(never)]
    pub(crate) fn find_row(input: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let count = input.array()?.ok_or_else(|| DecodeError::message("a row of unknown length"))?;
        let mut places = Vec::new();
        for number in 0..count {
            places.push((number, input.position()));
            input.skip()?;
        }
        Ok(Self { places, end: input.position() })
    }

    /// Goes to a field; of one number twice the later counts. Whether it is there.
    #[inline(never)]
    fn seek(&self, input: &mut Decoder<'_>, number: u64) -> bool {
        let place = self.places.iter().rev().find(|(found, _)| *found == number);
        place.is_some_and(|(_, position)| {
            input.set_position(*position);
            true
        })
    }

    /// Reads one field.
    pub(crate) fn read<'b, C, T: Decode<'b, C>>(
        &self,
        number: u64,
        input: &mut Decoder<'b>,
        context: &mut C,
    ) -> Result<T, DecodeError> {
        if self.seek(input, number) {
            return T::decode(input, context);
        }
        T::nil().ok_or_else(|| missing(number))
    }

    /// Goes behind the record.
    pub(crate) fn leave(&self, input: &mut Decoder<'_>) {
        input.set_position(self.end);
    }
}

#[inline(never)]
fn missing(number: u64) -> DecodeError {
    DecodeError::missing_value(i64::try_from(number).unwrap_or_default())
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
                let fields = $crate::wire::Fields::find(input)?;
                let record = Self { $($field: fields.read($number, input, context)?),+ };
                fields.leave(input);
                Ok(record)
            }
        }
    )+};
}

/// Reads records that stand in a row, as `minicbor` derives their writing.
macro_rules! numbered_rows {
    ($($type:ident { $($number:literal $field:ident),+ $(,)? })+) => {$(
        impl<'b, C> minicbor::Decode<'b, C> for $type {
            fn decode(input: &mut minicbor::Decoder<'b>, context: &mut C) -> Result<Self, minicbor::decode::Error> {
                let fields = $crate::wire::Fields::find_row(input)?;
                let record = Self { $($field: fields.read($number, input, context)?),+ };
                fields.leave(input);
                Ok(record)
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
                let kind = input.i64()?;
                let fields = $crate::wire::Fields::find_row(input)?;
                let read = match kind {
                    $($kind => Self::$name { $($field: fields.read($number, input, context)?),* },)+
                    other => return Err(minicbor::decode::Error::unknown_variant(other)),
                };
                fields.leave(input);
                Ok(read)
            }
        }
    };
}

pub(crate) use {numbered, numbered_kinds, numbered_rows};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
