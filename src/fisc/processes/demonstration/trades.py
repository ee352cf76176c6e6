"""What businesses of the demonstration city do. Invented, as all of it is."""

from __future__ import annotations

import dataclasses
from typing import Final

# A code of “license type” that a business of the trade has beside its privilege license.
NONE: Final = ""
REGION: Final = "MS"
RETAIL: Final = "17"
RESTAURANTS: Final = "11"
CONTRACTING: Final = "15"


@dataclasses.dataclass(frozen=True, slots=True)
class Trade:
    """A trade: its words, what a middling business takes in a year, and what it is licensed as."""

    words: str
    # A code of “business class”.
    business_class: str
    year_dollars: int
    license_type: str = NONE


TRADES: Final = (
    Trade("Auto Repair", "17", 210_000, "service_business"),
    Trade("Bakery", "11", 240_000),
    Trade("Billiards", "12", 190_000, "pool_hall"),
    Trade("Bookkeeping", "17", 60_000, "service_business"),
    Trade("Brewing", "11", 620_000),
    Trade("Cafe", "11", 330_000),
    Trade("Carpentry", "15", 180_000),
    Trade("Ceramics", "17", 70_000),
    Trade("Dry Goods", "17", 260_000, "general_merchant"),
    Trade("Electric", "15", 520_000),
    Trade("Feed and Seed", "17", 480_000, "general_merchant"),
    Trade("Fitness", "12", 210_000),
    Trade("Florist", "17", 110_000),
    Trade("Furniture", "17", 560_000, "general_merchant"),
    Trade("Garden Center", "17", 420_000, "general_merchant"),
    Trade("Grill", "11", 480_000),
    Trade("Grocery", "17", 1_450_000, "general_merchant"),
    Trade("Hair Studio", "17", 40_000, "service_business"),
    Trade("Hardware", "17", 700_000, "general_merchant"),
    Trade("Heating and Cooling", "15", 760_000),
    Trade("Inn", "25", 540_000),
    Trade("Landscaping", "15", 140_000),
    Trade("Market", "17", 820_000, "general_merchant"),
    Trade("Motel", "25", 460_000),
    Trade("Music", "17", 95_000),
    Trade("Optical", "17", 310_000),
    Trade("Party Rental", "14", 150_000),
    Trade("Pharmacy", "17", 1_100_000, "general_merchant"),
    Trade("Pizza", "11", 410_000),
    Trade("Plumbing", "15", 480_000),
    Trade("Pool Supply", "17", 230_000),
    Trade("Printing", "10", 170_000),
    Trade("Realty", "13", 260_000),
    Trade("Resale", "17", 90_000, "secondhand_dealer"),
    Trade("Restaurant", "11", 640_000),
    Trade("Roofing", "15", 610_000),
    Trade("Saddlery", "17", 85_000),
    Trade("Storage", "13", 220_000),
    Trade("Taqueria", "11", 290_000),
    Trade("Telephone", "5", 900_000),
    Trade("Tire", "17", 650_000),
    Trade("Upholstery", "17", 75_000, "service_business"),
)

# What a place's name becomes part of.
PLACES: Final = (
    "Agave", "Buena Vista", "Canyon View", "Cottonwood", "Desert Willow", "Ironwood", "La Mesa",
    "Main Street", "Mesquite Springs", "Mission", "Ocotillo", "Old Depot", "Palo Verde", "Plaza",
    "Rio Vista", "Roadrunner", "Saguaro", "San Pedro", "Sierra", "Sunrise",
)  # fmt: skip
ENDINGS: Final = (" LLC", " LLC", " Inc.", " Company", " and Sons", " and Daughters", " Partners")
