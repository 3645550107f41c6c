"""How careful the memory is, as markup: the numbers, the columns drawn from them, and the cases."""

import math
import re
from datetime import UTC, datetime

from collab.feedback.curve import Work
from collab.feedback.curve_records import Curve, NamedCase, Point
from collab.texts import load_texts
from collab.ui.acts.review import View
from collab.ui.present.curve import page

EN, VIEW, IDLE = load_texts("en"), View(careful=True), Work(None, False)
POINTS = (Point(4, 90, 8, 2, 5), Point(9, 83, 12, 5, 1), Point(19, 60, 30, 10, 0))
CASES = (NamedCase("Is it <open> on Sundays?", "c1", "Is it open?", 9.47), NamedCase("And so?", "c2", "So?", math.inf))
CURVE = Curve(9, POINTS, 100, 250, 7, 11, 40, 60, CASES, (), "Eve", datetime(2026, 11, 22, 14, 5, tzinfo=UTC))


def test_the_numbers_of_the_setting_that_holds() -> None:
    found = page(EN, VIEW, CURVE, IDLE)
    assert re.findall(r'class="figure">([^<]+)<', found) == ["83 %", "0.4 %"]
    assert "at 9, as it is set. 12 % are offered it, 5.0 % are missed." in found
    assert "at 9, as it is set: 1 of 250." in found
    assert "350 questions in other words, about 40 of 60 live corrections." in found
    assert "Computed for Eve, 22 Nov 2026 14:05" in found
    assert 'data-view="{&quot;careful&quot;:true}"' in found


def test_the_table_says_what_the_columns_show() -> None:
    found = page(EN, VIEW, CURVE, IDLE)
    rows = [re.findall(r"<td>([^<]+)</td>", row) for row in re.findall(r"<tr[^>]*data-row.*?</tr>", found)]
    assert rows[0] == ["90 %", "8.0 %", "2.0 %", "2.0 %"]
    assert rows[2] == ["60 %", "30 %", "10 %", "0 %"]
    assert re.findall(r'<tr aria-current="true" data-row="(\d+)"', found) == ["9"]
    columns = re.findall(r'<rect class="(\w+)" x="(\d+)" y="([\d.]+)" width="28" height="([\d.]+)"', found)
    # Of 100 units: 90 of 100 answered, and 8 offered on top of them. 5 wrong ones of the 25 that fill their chart.
    assert columns[:2] == [("answered", "10", "30", "90"), ("offered", "10", "22", "8")]
    assert next(one for one in columns if one[0] == "hijacked") == ("hijacked", "10", "100", "20")
    assert found.count("<polygon") == 2
    assert found.count('role="img" aria-label="How many') == 2


def test_the_cases_lead_to_their_corrections() -> None:
    found = page(EN, VIEW, CURVE, IDLE)
    assert "Is it &lt;open&gt; on Sundays?" in found
    assert "at 9.4 and below" in found
    assert "at every setting" in found
    assert found.count("answered now") == 2
    assert re.findall(r'data-act="card.open" data-correction="(\w+)"', found) == ["c1", "c2"]
    assert "None: those that are left are held back for other reasons." in found


def test_before_any_and_while_it_is_computed() -> None:
    assert "Nothing was computed yet" in page(EN, VIEW, None, IDLE)
    under_way = page(EN, VIEW, None, Work(0.349, False))
    assert "Asking the memory: 34 %" in under_way
    assert "data-poll" in under_way
    assert "compute-curve" not in under_way
    failed = page(EN, VIEW, CURVE, Work(None, True))
    assert "It could not be computed" in failed
    assert "Compute it again" in failed
    nothing = Curve(9, POINTS, 0, 0, 0, 3, 1, 1, (), (), "Eve", CURVE.at)
    assert "There is nothing to ask yet" in page(EN, VIEW, nothing, IDLE)
