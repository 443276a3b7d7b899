namespace partake {}
