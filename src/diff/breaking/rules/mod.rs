//! The table of rules about changes, sorted by name. To add one: a file, its `mod` line, its line in the table.

use super::BreakingRule;

mod age_cut;
mod atomicity_withdrawn;
mod bound_cut;
mod bound_removed;
mod bus_default_changed;
mod bus_env_changed;
mod bus_topology_changed;
mod cardinality_raised;
mod channel_bus_changed;
mod channel_removed;
mod channel_renamed;
mod channel_to_stream;
mod client_names_changed;
mod config_default_changed;
mod config_range_narrowed;
mod config_removed;
mod config_required;
mod config_type_changed;
mod field_optional;
mod field_removed;
mod field_required;
mod found_by_changed;
mod freshness_relaxed;
mod group_withdrawn;
mod hash_tag_changed;
mod key_bus_changed;
mod key_removed;
mod key_renamed;
mod key_type_changed;
mod lifecycle_changed;
mod message_encoding_changed;
mod module_removed;
mod operation_withdrawn;
mod owned_names_widened;
mod owner_moved;
mod param_narrowed;
mod param_order_changed;
mod param_widened;
mod payload_changed_otherwise;
mod payload_closed;
mod payload_count_narrowed;
mod payload_count_widened;
mod payload_enum_narrowed;
mod payload_enum_widened;
mod payload_format_loosened;
mod payload_format_tightened;
mod payload_items_loosened;
mod payload_items_tightened;
mod payload_length_narrowed;
mod payload_length_widened;
mod payload_opened;
mod payload_pattern_loosened;
mod payload_pattern_tightened;
mod payload_property_added;
mod payload_property_removed;
mod payload_property_required;
mod payload_property_typed;
mod payload_range_narrowed;
mod payload_range_widened;
mod payload_type_narrowed;
mod payload_type_widened;
mod payload_variant_added;
mod payload_variant_removed;
mod presence_withdrawn;
mod removed_before_date;
mod score_unit_changed;
mod separator_changed;
mod sliding_to_fixed;
mod stream_replaced;
mod ttl_added;
mod ttl_removed;
mod ttl_shortened;
mod value_encoding_changed;

/// All rules about changes.
pub static RULES: &[&BreakingRule] = &[
    &age_cut::RULE,
    &atomicity_withdrawn::RULE,
    &bound_cut::RULE,
    &bound_removed::RULE,
    &bus_default_changed::RULE,
    &bus_env_changed::RULE,
    &bus_topology_changed::RULE,
    &cardinality_raised::RULE,
    &channel_bus_changed::RULE,
    &channel_removed::RULE,
    &channel_renamed::RULE,
    &channel_to_stream::RULE,
    &client_names_changed::RULE,
    &config_default_changed::RULE,
    &config_range_narrowed::RULE,
    &config_removed::RULE,
    &config_required::RULE,
    &config_type_changed::RULE,
    &field_optional::RULE,
    &field_removed::RULE,
    &field_required::RULE,
    &found_by_changed::RULE,
    &freshness_relaxed::RULE,
    &group_withdrawn::RULE,
    &hash_tag_changed::RULE,
    &key_bus_changed::RULE,
    &key_removed::RULE,
    &key_renamed::RULE,
    &key_type_changed::RULE,
    &lifecycle_changed::RULE,
    &message_encoding_changed::RULE,
    &module_removed::RULE,
    &operation_withdrawn::RULE,
    &owned_names_widened::RULE,
    &owner_moved::RULE,
    &param_narrowed::RULE,
    &param_order_changed::RULE,
    &param_widened::RULE,
    &payload_changed_otherwise::RULE,
    &payload_closed::RULE,
    &payload_count_narrowed::RULE,
    &payload_count_widened::RULE,
    &payload_enum_narrowed::RULE,
    &payload_enum_widened::RULE,
    &payload_format_loosened::RULE,
    &payload_format_tightened::RULE,
    &payload_items_loosened::RULE,
    &payload_items_tightened::RULE,
    &payload_length_narrowed::RULE,
    &payload_length_widened::RULE,
    &payload_opened::RULE,
    &payload_pattern_loosened::RULE,
    &payload_pattern_tightened::RULE,
    &payload_property_added::RULE,
    &payload_property_removed::RULE,
    &payload_property_required::RULE,
    &payload_property_typed::RULE,
    &payload_range_narrowed::RULE,
    &payload_range_widened::RULE,
    &payload_type_narrowed::RULE,
    &payload_type_widened::RULE,
    &payload_variant_added::RULE,
    &payload_variant_removed::RULE,
    &presence_withdrawn::RULE,
    &removed_before_date::RULE,
    &score_unit_changed::RULE,
    &separator_changed::RULE,
    &sliding_to_fixed::RULE,
    &stream_replaced::RULE,
    &ttl_added::RULE,
    &ttl_removed::RULE,
    &ttl_shortened::RULE,
    &value_encoding_changed::RULE,
];
