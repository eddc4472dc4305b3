"""One file per picture. A view builds its figures once, and turns runs into data for them; it never simulates."""
