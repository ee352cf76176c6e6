"""Invented people, businesses and streets. Any likeness to real ones is chance."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST_NAMES = _words(
    """
    Alma Amir Andrea Anna Anthony April Arturo Beatriz Benjamin Bianca Brandon Brenda Caleb Camila
    Carla Carlos Carmen Caroline Cecilia Charles Cheryl Clara Claudia Colin Cristina Curtis Dale
    Daniel Daniela David Deborah Denise Diego Dolores Donna Doris Edgar Eduardo Elaine Elena Eli
    Elijah Emilia Emma Enrique Erica Ernesto Esther Ethan Eva Felipe Fernando Frances Francisco
    Gabriela Gloria Grace Graciela Gregory Guadalupe Hannah Harold Hector Helen Ines Irene Isaac
    Isabel Ivan Jacob Janet Jasmine Javier Jerome Joan Joaquin Jorge Josefina Joyce Juan Judith
    Julia Karen Kenneth Laura Leticia Lillian Linda Lorenzo Louise Lucas Lucia Luis Lydia Manuel
    Marcus Margaret Maria Mariana Mario Marisol Martha Martin Mateo Matthew Melissa Mercedes
    Miguel Miriam Monica Naomi Natalie Nathan Nicole Noah Noel Norma Olivia Omar Oscar Pablo
    Patricia Paula Pedro Philip Rachel Rafael Ramon Raquel Rebecca Ricardo Rosa Roy Ruben Ruth
    Salvador Samuel Sandra Sara Sergio Silvia Sofia Stephen Susan Sylvia Teresa Thomas Tomas Tyler
    Valeria Vanessa Vera Veronica Victor Vincent Virginia Wanda Wayne Wesley Xavier Yolanda Zoe
    """
)

LAST_NAMES = _words(
    """
    Abbott Acosta Adler Aguilar Alvarez Anaya Archer Armijo Avila Baca Bailey Ballard Barela
    Barnes Barrera Beckett Begay Beltran Benally Benitez Bishop Blackwell Bradford Bravo Briggs
    Burke Bustamante Cabrera Calderon Campos Cardenas Carlisle Carrillo Castaneda Castillo Chavez
    Chee Cisneros Cochran Contreras Cordova Coronado Cortez Crane Cummings Dalton Davila Dawson
    Delgado Dominguez Donnelly Duarte Dunbar Durango Ellsworth Encinas Escalante Espinoza Estrada
    Farrell Felix Figueroa Fletcher Flores Franco Fuentes Galindo Gallegos Garner Garza Gentry
    Gilbert Gomez Gonzales Graves Guerrero Gutierrez Haddad Hale Harmon Hathaway Hensley Hernandez
    Herrera Hidalgo Holloway Hubbard Ibarra Jaramillo Jensen Jimenez Joplin Juarez Keller Kimball
    Lambert Lara Larson Leyva Lockhart Lopez Lowell Lucero Lujan Macias Maldonado Marquez Marsh
    Mata Maxwell McBride Medina Mendez Mendoza Mercado Meza Miranda Molina Montano Montoya Morales
    Moreno Murrieta Nakai Navarro Nguyen Noriega Nunez Ochoa Okafor Olivas Ontiveros Orozco Ortega
    Pacheco Padilla Palmer Paredes Patel Pena Peralta Pico Pierce Quezada Quintana Ramirez Rangel
    Redhouse Reyes Rios Rivera Robles Rojas Romero Rosales Rubio Ruiz Salas Salcido Salinas
    Sandoval Santillan Sepulveda Serrano Shelby Sierra Silva Solis Soto Stafford Sutton Tapia
    Terrazas Thatcher Tovar Trujillo Tsosie Urias Valdez Valencia Vargas Vasquez Vega Velasco
    Vigil Villa Walton Warner Whitaker Wilcox Yanez Yazzie Zamora Zavala Zepeda
    """
)

STREETS = (
    "Acacia Street", "Adobe Road", "Agave Lane", "Aguila Drive", "Alameda Avenue",
    "Bonita Street", "Bridge Street", "Buena Vista Road", "Calle Azul", "Calle Cedro",
    "Calle del Norte", "Camino Alto", "Camino de la Loma", "Canal Street", "Canyon View Drive",
    "Cardon Lane", "Catclaw Court", "Cholla Street", "Cienega Road", "Copper Street",
    "Cottonwood Lane", "Creosote Way", "Desert Willow Drive", "Dry Creek Road", "El Paseo",
    "Ironwood Avenue", "Jojoba Court", "Juniper Street", "La Mesa Drive", "Library Street",
    "Main Street", "Manzanita Lane", "Mesa Verde Road", "Mesquite Avenue", "Mill Street",
    "Mission Road", "Ocotillo Drive", "Old Depot Road", "Orchard Street", "Palo Verde Avenue",
    "Paseo del Sol", "Piedra Road", "Pinon Street", "Plaza Street", "Quail Run", "Rancho Road",
    "Ridge Road", "Rio Vista Drive", "Roadrunner Lane", "Sage Street", "Saguaro Avenue",
    "San Pedro Street", "Santa Rita Road", "School Street", "Sierra Avenue", "Springs Road",
    "Sunrise Drive", "Tamarisk Lane", "Tortuga Way", "Verbena Street", "Vista Point Road",
    "Wash Street", "Water Tower Road", "Yucca Street",
)  # fmt: skip

TRADES = (
    "Auto Repair", "Bakery", "Barber Shop", "Bookkeeping", "Brewing", "Cafe", "Car Wash",
    "Carpentry", "Ceramics", "Child Care", "Chiropractic", "Cleaners", "Dental", "Dry Goods",
    "Electric", "Feed and Seed", "Fitness", "Florist", "Furniture", "Garden Center", "Grill",
    "Grocery", "Hair Studio", "Hardware", "Heating and Cooling", "Inn", "Insurance", "Landscaping",
    "Laundry", "Lumber", "Market", "Motel", "Music", "Nursery", "Optical", "Pharmacy",
    "Photography", "Pizza", "Plumbing", "Pool Supply", "Printing", "Realty", "Restaurant",
    "Roofing", "Saddlery", "Storage", "Taqueria", "Tire", "Towing", "Upholstery", "Veterinary",
    "Welding",
)  # fmt: skip

ENDINGS = ("", "", " LLC", " Inc.", " Company", " and Sons", " and Daughters")
