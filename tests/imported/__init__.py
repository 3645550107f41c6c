"""What programs of the product import, so that `tests.warm` need not wait for it again and again."""
