// SPDX-License-Identifier: Apache-2.0
/// Built-in profiles: CXR-LT 2023 (ICCV CVAMD workshop, MIMIC-CXR-JPG).
#pragma once

#include <array>

#include "cxrlt/challenge/detail/builtin_data.hpp"

namespace cxrlt::detail {

/// Counts, group by prevalence, group in the index lists of CheXFusion.
inline constexpr std::array<BuiltinClass, 26> kClasses2023{{
    {"Atelectasis", 67597, kHead, kHead},
    {"Calcification of the Aorta", 4361, kMedium, kMedium},
    {"Cardiomegaly", 76900, kHead, kHead},
    {"Consolidation", 16038, kMedium, kMedium},
    {"Edema", 38574, kHead, kHead},
    {"Emphysema", 4255, kMedium, kMedium},
    {"Enlarged Cardiomediastinum", 30119, kHead, kMedium},
    {"Fibrosis", 1158, kTail, kTail},
    {"Fracture", 11883, kMedium, kMedium},
    {"Hernia", 4049, kMedium, kMedium},
    {"Infiltration", 10218, kMedium, kMedium},
    {"Lung Lesion", 2533, kTail, kTail},
    {"Lung Opacity", 79931, kHead, kHead},
    {"Mass", 5529, kMedium, kMedium},
    {"No Finding", 41869, kHead, kHead},
    {"Nodule", 7663, kMedium, kMedium},
    {"Pleural Effusion", 69240, kHead, kHead},
    {"Pleural Other", 675, kTail, kTail},
    {"Pleural Thickening", 3369, kMedium, kTail},
    {"Pneumomediastinum", 788, kTail, kTail},
    {"Pneumonia", 48093, kHead, kHead},
    {"Pneumoperitoneum", 543, kTail, kTail},
    {"Pneumothorax", 14983, kMedium, kMedium},
    {"Subcutaneous Emphysema", 2453, kTail, kTail},
    {"Support Devices", 89140, kHead, kHead},
    {"Tortuous Aorta", 3499, kMedium, kTail},
}};

static_assert(groups_follow_prevalence(kClasses2023, 264849));

inline constexpr std::array kNotes2023{
    BuiltinNote{"classes", "alphabetical; 'No Finding' stands before 'Nodule'"},
    BuiltinNote{"groups", "the rule is stated for CXR-LT 2024 and applied here to 2023", true},
    BuiltinNote{"normal_class",
                "'No Finding' excludes all others but 'Support Devices' in the labels; scores need "
                "not respect that"},
    BuiltinNote{"swap_pairs",
                "the pair that CXR-LT 2024 puts in either order; taken over for its 2023 name",
                true},
    BuiltinNote{"submission",
                "one zip with the CSV and a folder code/; the CSV's name is not prescribed", true},
};

inline constexpr BuiltinProfile kCxrlt2023{
    .name = "cxrlt2023",
    .title = "CXR-LT 2023 (ICCV CVAMD)",
    .id_column = "dicom_id",
    .id_alias = {},
    .normal_class = "No Finding",
    .classes = kClasses2023,
    .train_size = 264849,
    .train_counts_source =
        "positives among 264,849 training images, as in the configuration of CheXFusion "
        "(config.yaml, class_instance_nums)",
    .grouping = kPrevalenceGrouping,
    .alternative = {"chexfusion", "index lists in the code of CheXFusion (not a 10 % / 1 % cut)",
                    true},
    .swap_first = "No Finding",
    .swap_second = "Nodule",
    .notes = kNotes2023,
};

}  // namespace cxrlt::detail
