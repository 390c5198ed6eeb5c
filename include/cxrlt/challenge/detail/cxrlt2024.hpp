// SPDX-License-Identifier: Apache-2.0
/// Built-in profiles: CXR-LT 2024 (MICCAI, MIMIC-CXR-JPG), tasks 1 to 3 and all 45 labels.
#pragma once

#include <array>

#include "cxrlt/challenge/detail/builtin_data.hpp"

namespace cxrlt::detail {

/// Counts, group by prevalence, group by the single cut at 1 %.
inline constexpr std::array<BuiltinClass, 40> kClasses2024Task1{{
    {"Adenopathy", 3409, kMedium, kHead},
    {"Atelectasis", 65376, kHead, kHead},
    {"Azygos Lobe", 199, kTail, kTail},
    {"Calcification of the Aorta", 4239, kMedium, kHead},
    {"Cardiomegaly", 74738, kHead, kHead},
    {"Clavicle Fracture", 168, kTail, kTail},
    {"Consolidation", 15371, kMedium, kHead},
    {"Edema", 37256, kHead, kHead},
    {"Emphysema", 3661, kMedium, kHead},
    {"Enlarged Cardiomediastinum", 29628, kHead, kHead},
    {"Fibrosis", 1169, kTail, kTail},
    {"Fissure", 2803, kMedium, kHead},
    {"Fracture", 11568, kMedium, kHead},
    {"Granuloma", 2965, kMedium, kHead},
    {"Hernia", 3986, kMedium, kHead},
    {"Hydropneumothorax", 646, kTail, kTail},
    {"Infarction", 727, kTail, kTail},
    {"Infiltration", 10087, kMedium, kHead},
    {"Kyphosis", 778, kTail, kTail},
    {"Lobar Atelectasis", 129, kTail, kTail},
    {"Lung Lesion", 2338, kTail, kTail},
    {"Lung Opacity", 77482, kHead, kHead},
    {"Mass", 5288, kMedium, kHead},
    {"Nodule", 7531, kMedium, kHead},
    {"Normal", 34292, kHead, kHead},
    {"Pleural Effusion", 66401, kHead, kHead},
    {"Pleural Other", 616, kTail, kTail},
    {"Pleural Thickening", 3272, kMedium, kHead},
    {"Pneumomediastinum", 704, kTail, kTail},
    {"Pneumonia", 46660, kHead, kHead},
    {"Pneumoperitoneum", 516, kTail, kTail},
    {"Pneumothorax", 13858, kMedium, kHead},
    {"Pulmonary Embolism", 1631, kTail, kTail},
    {"Pulmonary Hypertension", 903, kTail, kTail},
    {"Rib Fracture", 8919, kMedium, kHead},
    {"Round(ed) Atelectasis", 172, kTail, kTail},
    {"Subcutaneous Emphysema", 2046, kTail, kTail},
    {"Support Devices", 86079, kHead, kHead},
    {"Tortuous Aorta", 3336, kMedium, kHead},
    {"Tuberculosis", 2078, kTail, kTail},
}};

/// The 2023 list with 'No Finding' renamed in place: 'Normal' before 'Nodule', unlike task 1.
inline constexpr std::array<BuiltinClass, 26> kClasses2024Task2{{
    {"Atelectasis", 65376, kHead},
    {"Calcification of the Aorta", 4239, kMedium},
    {"Cardiomegaly", 74738, kHead},
    {"Consolidation", 15371, kMedium},
    {"Edema", 37256, kHead},
    {"Emphysema", 3661, kMedium},
    {"Enlarged Cardiomediastinum", 29628, kHead},
    {"Fibrosis", 1169, kTail},
    {"Fracture", 11568, kMedium},
    {"Hernia", 3986, kMedium},
    {"Infiltration", 10087, kMedium},
    {"Lung Lesion", 2338, kTail},
    {"Lung Opacity", 77482, kHead},
    {"Mass", 5288, kMedium},
    {"Normal", 34292, kHead},
    {"Nodule", 7531, kMedium},
    {"Pleural Effusion", 66401, kHead},
    {"Pleural Other", 616, kTail},
    {"Pleural Thickening", 3272, kMedium},
    {"Pneumomediastinum", 704, kTail},
    {"Pneumonia", 46660, kHead},
    {"Pneumoperitoneum", 516, kTail},
    {"Pneumothorax", 13858, kMedium},
    {"Subcutaneous Emphysema", 2046, kTail},
    {"Support Devices", 86079, kHead},
    {"Tortuous Aorta", 3336, kMedium},
}};

/// Classes without training labels (zero-shot), hence without counts.
inline constexpr std::array<BuiltinClass, 5> kClasses2024Task3{{
    {"Bulla"},
    {"Cardiomyopathy"},
    {"Hilum"},
    {"Osteopenia"},
    {"Scoliosis"},
}};

/// All labels of the PhysioNet release; the five of task 3 have no public training counts.
inline constexpr std::array<BuiltinClass, 45> kClasses2024All{{
    {"Adenopathy", 3409},
    {"Atelectasis", 65376},
    {"Azygos Lobe", 199},
    {"Bulla"},
    {"Calcification of the Aorta", 4239},
    {"Cardiomegaly", 74738},
    {"Cardiomyopathy"},
    {"Clavicle Fracture", 168},
    {"Consolidation", 15371},
    {"Edema", 37256},
    {"Emphysema", 3661},
    {"Enlarged Cardiomediastinum", 29628},
    {"Fibrosis", 1169},
    {"Fissure", 2803},
    {"Fracture", 11568},
    {"Granuloma", 2965},
    {"Hernia", 3986},
    {"Hilum"},
    {"Hydropneumothorax", 646},
    {"Infarction", 727},
    {"Infiltration", 10087},
    {"Kyphosis", 778},
    {"Lobar Atelectasis", 129},
    {"Lung Lesion", 2338},
    {"Lung Opacity", 77482},
    {"Mass", 5288},
    {"Nodule", 7531},
    {"Normal", 34292},
    {"Osteopenia"},
    {"Pleural Effusion", 66401},
    {"Pleural Other", 616},
    {"Pleural Thickening", 3272},
    {"Pneumomediastinum", 704},
    {"Pneumonia", 46660},
    {"Pneumoperitoneum", 516},
    {"Pneumothorax", 13858},
    {"Pulmonary Embolism", 1631},
    {"Pulmonary Hypertension", 903},
    {"Rib Fracture", 8919},
    {"Round(ed) Atelectasis", 172},
    {"Scoliosis"},
    {"Subcutaneous Emphysema", 2046},
    {"Support Devices", 86079},
    {"Tortuous Aorta", 3336},
    {"Tuberculosis", 2078},
}};

static_assert(groups_follow_prevalence(kClasses2024Task1, 258871));
static_assert(groups_follow_prevalence(kClasses2024Task2, 258871));

inline constexpr std::string_view kCounts2024 =
    "positives in train_labeled.csv (258,871 images), equal in two public code bases of "
    "participants; a third has 'Nodule' and 'Normal' exchanged";

inline constexpr BuiltinNote kRule2024{
    "groups", "the rule of the CXR-LT 2024 overview, as others quote it, applied to these counts",
    true};
inline constexpr BuiltinNote kSubmission2024{
    "submission", "one zip with the CSV and a folder code/; the CSV's name is not prescribed",
    true};

inline constexpr std::array kNotes2024Task1{
    BuiltinNote{"classes",
                "alphabetical; 'Nodule' stands before 'Normal' here and after it in task 2"},
    kRule2024, kSubmission2024};

inline constexpr std::array kNotes2024Task2{
    BuiltinNote{"classes", "'Normal' stands before 'Nodule' here and after it in task 1"},
    BuiltinNote{"train_counts",
                "task 1's training counts of these classes; the prevalences of the radiologists' "
                "test labels differ and are not public"},
    kRule2024, kSubmission2024};

inline constexpr std::array kNotes2024Task3{
    BuiltinNote{"train_counts", "none: the classes of this task are not labelled in training"},
    kSubmission2024};

inline constexpr std::array kNotes2024All{
    BuiltinNote{"classes", "alphabetical order, from notes on labels.csv of the PhysioNet release",
                true},
    BuiltinNote{"train_counts", "public for the 40 classes of task 1 only"},
};

inline constexpr BuiltinProfile kCxrlt2024Task1{
    .name = "cxrlt2024_task1",
    .title = "CXR-LT 2024 Task 1 (MICCAI)",
    .id_column = "dicom_id",
    .id_alias = {},
    .normal_class = "Normal",
    .classes = kClasses2024Task1,
    .train_size = 258871,
    .train_counts_source = kCounts2024,
    .grouping = kPrevalenceGrouping,
    .alternative = {"one_percent", "two groups used by a participant: head > 1 %, tail <= 1 %",
                    true},
    .swap_first = "Normal",
    .swap_second = "Nodule",
    .notes = kNotes2024Task1,
};

inline constexpr BuiltinProfile kCxrlt2024Task2{
    .name = "cxrlt2024_task2",
    .title = "CXR-LT 2024 Task 2 (MICCAI, labels by radiologists)",
    .id_column = "dicom_id",
    .id_alias = {},
    .normal_class = "Normal",
    .classes = kClasses2024Task2,
    .train_size = 258871,
    .train_counts_source = kCounts2024,
    .grouping = kPrevalenceGrouping,
    .alternative = {},
    .swap_first = "Normal",
    .swap_second = "Nodule",
    .notes = kNotes2024Task2,
};

inline constexpr BuiltinProfile kCxrlt2024Task3{
    .name = "cxrlt2024_task3",
    .title = "CXR-LT 2024 Task 3 (MICCAI, zero-shot)",
    .id_column = "dicom_id",
    .id_alias = {},
    .normal_class = {},
    .classes = kClasses2024Task3,
    .train_size = 0,
    .train_counts_source = {},
    .grouping = {},
    .alternative = {},
    .swap_first = {},
    .swap_second = {},
    .notes = kNotes2024Task3,
};

inline constexpr BuiltinProfile kCxrlt2024All45{
    .name = "cxrlt2024_all45",
    .title = "CXR-LT 2024, all 45 labels (PhysioNet 2.0.0)",
    .id_column = "dicom_id",
    .id_alias = {},
    .normal_class = "Normal",
    .classes = kClasses2024All,
    .train_size = 258871,
    .train_counts_source = kCounts2024,
    .grouping = {},
    .alternative = {},
    .swap_first = "Normal",
    .swap_second = "Nodule",
    .notes = kNotes2024All,
};

}  // namespace cxrlt::detail
