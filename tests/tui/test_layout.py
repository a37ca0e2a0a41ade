"""What is on screen at which size, and that resizing at any moment does no harm."""

from collections.abc import Callable

import pytest
from msgspec import structs

from nn_tui.tui.forms.drawer import Drawer
from nn_tui.tui.forms.row import Row
from nn_tui.tui.lab.display import Display
from nn_tui.tui.panels.loading import load
from nn_tui.tui.panels.panel import Panel
from nn_tui.tui.widgets.board import Board
from nn_tui.tui.widgets.tab_row import TabRow
from tests.tui.fakes import Lab, settle


async def test_at_120_columns_forms_and_views_stand_side_by_side() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        drawer, board = lab.screen.query_one(Drawer), lab.screen.query_one(Board)
        assert drawer.region.right <= board.region.x
        assert not lab.screen.query_one(TabRow).display
        await pilot.resize_terminal(200, 60)
        await settle(pilot, lab)
        charts = [panel for panel in board.on_screen if panel.KIND.side == "curves"]
        columns = {panel.region.x for panel in charts}
        assert len(columns) == 2, "a large screen shows charts in two columns"
        assert {panel.region.right for panel in charts if panel.region.x == max(columns)} == {
            max(panel.region.right for panel in charts)
        }


async def test_at_80_by_24_panels_are_tabs_and_the_forms_a_drawer() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lab)
        board = lab.screen.query_one(Board)
        assert not lab.screen.query_one(Drawer).display
        assert lab.screen.query_one(TabRow).display
        assert len(board.on_screen) == 1
        assert board.on_screen[0].region.width >= 78
        assert board.on_screen[0].region.bottom == board.region.bottom, "a tab is filled"
        assert lab.screen.source.scenario.title in lab.text("StatusLine"), "no title is cut beside blanks"
        await pilot.press("f")
        assert lab.screen.query_one(Drawer).display
        assert isinstance(lab.screen.focused, Row)
        await pilot.press("escape")
        assert not lab.screen.query_one(Drawer).display


async def test_beside_a_long_title_the_bar_goes_before_the_pace() -> None:
    lab = Lab("adam")
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        said = lab.text("StatusLine")
        assert lab.screen.source.scenario.title in said
        assert "80/s" in said
        assert "──" not in said
        await pilot.resize_terminal(160, 40)
        await settle(pilot, lab)
        assert "──" in lab.text("StatusLine")


@pytest.mark.parametrize(("size", "least"), [((80, 24), 46), ((60, 20), 28)])
async def test_what_a_change_does_is_seen_beside_the_forms(size: tuple[int, int], least: int) -> None:
    lab = Lab()
    async with lab.app.run_test(size=size) as pilot:
        await settle(pilot, lab)
        board = lab.screen.query_one(Board)
        await pilot.press("j", "r", "up")
        await settle(pilot, lab)
        drawer, (panel,) = lab.screen.query_one(Drawer), board.on_screen
        assert isinstance(lab.screen.focused, Row)
        assert drawer.region.right <= panel.region.x
        assert panel.region.right == size[0]
        assert panel.region.width >= least
        assert "f forms" in lab.text("Toolbar"), "the key that gives the panel its place back"
        await pilot.press("f")
        await settle(pilot, lab)
        assert panel.region.width == size[0]
        # A panel that was gone to has all the room; beside forms that were open they stay.
        await pilot.press("j", "g")
        await settle(pilot, lab)
        assert not drawer.display
        await pilot.press("f", "j", "g")
        await settle(pilot, lab)
        assert drawer.display
        assert isinstance(lab.screen.focused, Panel)


async def test_digits_and_clicks_go_from_tab_to_tab() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lab)
        board = lab.screen.query_one(Board)
        names = [kind.name for kind in board.chosen]
        second = 1 + [kind.name for kind in board.suitable].index(names[1])
        await pilot.press(str(second))
        assert [view.KIND.name for view in board.on_screen] == names[1:2]
        await pilot.click(TabRow, offset=(2, 0))
        assert [view.KIND.name for view in board.on_screen] == names[:1]


async def test_below_60_by_20_it_says_what_it_needs() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(50, 18)) as pilot:
        await settle(pilot, lab)
        assert "60 × 20" in lab.text("TooSmall")
        assert "50 × 18" in lab.text("TooSmall")
        assert not lab.screen.show_vertical_scrollbar
        await pilot.resize_terminal(80, 24)
        await settle(pilot, lab)
        assert not lab.screen.query_one("TooSmall").display


async def test_any_size_in_any_order_leaves_it_whole() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        await pilot.press("e")
        for size in [(200, 60), (60, 20), (10, 3), (300, 10), (80, 24), (111, 21), (120, 40)]:
            await pilot.resize_terminal(*size)
            await settle(pilot, lab)
        assert lab.screen.query_one(Board).on_screen


async def test_digits_and_the_panels_dialog_show_and_hide_panels() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        board = lab.screen.query_one(Board)
        assert "loss" in [view.KIND.name for view in board.on_screen]
        await pilot.press("1")
        assert "loss" not in [view.KIND.name for view in board.on_screen]
        await pilot.press("p", "space", "escape")
        await settle(pilot, lab)
        assert "loss" in [view.KIND.name for view in board.on_screen]
        assert lab.app.memory.settings.shown == ("loss",)


async def test_a_maximised_panel_is_the_only_one_asked_for() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        lab.screen.query_one("#loss").focus()
        await pilot.press("z")
        await settle(pilot, lab)
        assert lab.screen.maximized is lab.screen.query_one("#loss")
        assert set(lab.worker.looks[-1].columns) == {"train.loss", "test.loss"}
        await pilot.press("z")
        assert lab.screen.maximized is None


@pytest.mark.parametrize("size", [(120, 40), (200, 60)])
async def test_a_maximised_panel_fills_the_screen_whatever_share_of_its_column_it_had(size: tuple[int, int]) -> None:
    lab = Lab()
    async with lab.app.run_test(size=size) as pilot:
        await settle(pilot, lab)
        board = lab.screen.query_one(Board)
        for kind in board.suitable:
            board.choose(kind.name, True)
        await settle(pilot, lab)
        shares = {view: view.outer_size for view in board.on_screen}
        for view in shares:
            view.focus()
            await pilot.press("z")
            await settle(pilot, lab)
            assert view.outer_size == lab.screen.size, view.KIND.name
            await pilot.press("z")
        await settle(pilot, lab)
        assert {view: view.outer_size for view in board.on_screen} == shares


async def test_a_maximised_panel_fills_the_screen_when_that_becomes_larger() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lab)
        board = lab.screen.query_one(Board)
        board.go_to("diagnosis")
        await settle(pilot, lab)
        board.on_screen[0].focus()
        await pilot.press("z")
        for size in [(120, 40), (200, 60)]:
            await pilot.resize_terminal(*size)
            await settle(pilot, lab)
            assert lab.screen.query_one("#diagnosis").outer_size == size


async def test_only_what_is_on_screen_is_asked_for() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        await pilot.press("1")
        await settle(pilot, lab)
        assert "train.loss" not in lab.worker.looks[-1].columns


async def test_with_more_panels_than_rows_the_column_scrolls_and_each_can_be_read() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        board = lab.screen.query_one(Board)
        for kind in board.suitable:
            board.choose(kind.name, True)
        await settle(pilot, lab)
        heights = [view.outer_size.height for view in board.on_screen]
        assert all(7 <= height <= 11 for height in heights)
        for kind in board.suitable:
            board.choose(kind.name, kind.name in ("loss", "gradients"))
        await settle(pilot, lab)
        assert sum(view.outer_size.height for view in board.on_screen) == board.size.height


async def test_recent_window_and_layer_are_asked_for() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        await pilot.press("w", "full_stop")
        await settle(pilot, lab)
        assert lab.worker.looks[-1].recent
        assert lab.worker.looks[-1].layer == 1
        await pilot.press("comma", "comma")
        await settle(pilot, lab)
        assert lab.worker.looks[-1].layer == 2


async def test_the_loss_switches_between_linear_and_log() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        assert "log" in str(lab.screen.query_one("#loss").border_subtitle)
        await pilot.press("l")
        assert "linear" in str(lab.screen.query_one("#loss").border_subtitle)


async def test_without_a_chart_on_screen_there_is_no_scale_to_switch() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        board = lab.screen.query_one(Board)
        for name in ("loss", "gradients"):
            board.choose(name, False)
        await settle(pilot, lab)
        await pilot.press("l")
        assert lab.app.is_running


async def test_every_panel_can_be_called_up_and_asks_for_its_parts_before_it_has_a_place() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        board = lab.screen.query_one(Board)
        for kind in board.suitable:
            board.choose(kind.name, True)
            assert set(load(kind).PARTS) <= set(board.look().parts)
        await settle(pilot, lab)
        assert len(board.on_screen) == len(board.suitable)


async def test_a_running_nets_views_are_drawn_from_above_half_by_half_and_at_rest_at_once() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        board = lab.screen.query_one(Board)
        drawn: list[tuple[str, int]] = []
        later: list[Callable[[], object]] = []
        board.set_timer = lambda _delay, callback: later.append(callback)  # type: ignore[method-assign, assignment, return-value]
        for view in board.on_screen:
            view.show = lambda _opened, frame, view=view: drawn.append((view.KIND.name, frame.step))  # type: ignore[misc]
        frame, opened = lab.screen.control.frame, lab.screen.conversation.opened
        assert frame is not None
        assert opened is not None
        every = {view.KIND.name for view in board.on_screen}
        board.show(structs.replace(frame, status="running", step=3))
        assert {*drawn} == {("loss", 3), ("boundary", 3)}
        later.pop()()
        assert {*drawn} == {(name, 3) for name in every}
        assert len(drawn) == len(every)
        board.show(structs.replace(frame, status="paused", step=4))
        assert {*drawn} == {(name, step) for name in every for step in (3, 4)}
        # What was still to be drawn of a run that is not there any more is left out.
        board.show(structs.replace(frame, status="running", step=5))
        board.open(structs.replace(opened, run=opened.run + 1))
        later.pop()()
        assert ("gradients", 5) not in drawn


async def test_dead_units_have_their_panel_once_units_can_die() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        board = lab.screen.query_one(Board)
        assert "dead" not in [view.KIND.name for view in board.on_screen]
        row = lab.screen.query_one("#network-activation", Row)
        row.want("relu")
        await settle(pilot, lab)
        await settle(pilot, lab)
        assert "dead" in [view.KIND.name for view in board.on_screen]


@pytest.mark.parametrize(
    "where", ["a folder with a name that takes two lines.", "/tmp/ab. NN_TUI_RUNS=off keeps none."]
)
async def test_what_is_told_stands_above_the_hint_and_the_keys_and_covers_neither(where: str) -> None:
    for size in ((60, 20), (80, 24), (120, 40)):
        lab = Lab()
        async with lab.app.run_test(size=size, notifications=True) as pilot:
            await settle(pilot, lab)
            lab.screen.notify(f"Runs are kept, to be had back with k, in {where}")
            await pilot.pause()
            told = lab.app.screen.query_one("Toast").region
            assert told.height > 1
            for covered in ("#hint", "Toolbar"):
                assert lab.screen.query_one(covered).display
                assert not told.overlaps(lab.screen.query_one(covered).region)


@pytest.mark.parametrize("keys", [["question_mark"], ["p"], ["ctrl+s"], ["S"], ["i"], ["j", "c", "enter"]])
async def test_what_is_told_does_not_cover_a_dialog_unless_it_is_a_warning(keys: list[str]) -> None:
    lab = Lab()
    async with lab.app.run_test(size=(60, 20), notifications=True) as pilot:
        await settle(pilot, lab)
        lab.screen.notify(
            "Runs are kept, to be had back with k, in a folder with a name that takes two lines.", timeout=60
        )
        await pilot.pause()
        await pilot.press(*keys)
        await settle(pilot, lab)
        dialog = lab.app.screen
        assert dialog is not lab.screen
        assert not any(told.display for told in dialog.query("Toast"))
        lab.screen.notify("The training process has ended.", severity="warning")
        await pilot.pause()
        assert [str(told.render()) for told in dialog.query("Toast") if told.display] == [
            "The training process has ended."
        ]


async def test_however_many_tabs_there_are_the_one_in_sight_has_its_name() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(60, 20)) as pilot:
        await settle(pilot, lab)
        for kind in lab.screen.board.suitable:
            lab.screen.action_go_to_panel(kind.name)
            await settle(pilot, lab)
            assert f" {kind.name} " in lab.text("TabRow")


async def test_panels_fill_their_column_though_nobody_tells_how_high_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    come_up = Display.come_up

    def looked_at_before(self: Display) -> None:
        come_up(self)
        # Of a size that somebody has asked for before it is laid out, as after a scroll, Textual tells nothing.
        self._screen._compositor._full_map_invalidated = True
        assert self._screen._compositor.full_map

    monkeypatch.setattr(Display, "come_up", looked_at_before)
    for scenario in ("ravine", "line", "xor"):
        lab = Lab(scenario)
        async with lab.app.run_test(size=(120, 40)) as pilot:
            await settle(pilot, lab)
            bottoms = [view.region.bottom for view in lab.screen.board.on_screen if view.KIND.side == "curves"]
            assert max(bottoms) >= 37, scenario
