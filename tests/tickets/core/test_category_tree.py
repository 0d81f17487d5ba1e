from tickets.core.category_tree import depth, is_inside, moved, path_below


def test_path_below_joins_names_from_the_root():
    assert path_below("", "Billing") == "Billing"
    assert path_below("Billing", "Refunds") == "Billing / Refunds"
    assert depth("Billing") == 1
    assert depth("Billing / Refunds / Cards") == 3


def test_is_inside_does_not_confuse_names_that_begin_alike():
    assert is_inside("Bill / A", "Bill")
    assert is_inside("Bill", "Bill")
    assert not is_inside("Billing", "Bill")


def test_moved_takes_the_whole_subtree_along():
    paths = {1: "Bill", 2: "Bill / A", 3: "Bill / A / B", 4: "Billing", 5: "X / Bill"}

    assert moved(paths, "Bill", "Money / Bills") == {
        1: "Money / Bills",
        2: "Money / Bills / A",
        3: "Money / Bills / A / B",
    }
