package io.observatory.storage.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The cells that are measured side by side, in every round each of them once: the first
 * is the limit that the others are compared with, the second the one that is compared
 * with the others.
 */
final class Comparison {

	private final List<Cell> cells;

	private final Map<Cell, List<Measurement>> rounds = new LinkedHashMap<>();

	private final Map<Cell, Double> allocated = new HashMap<>();

	Comparison(List<Cell> cells) {
		this.cells = cells;
		cells.forEach((cell) -> this.rounds.put(cell, new ArrayList<>()));
	}

	/** Returns the cells in the order of a round, which begins each time with another. */
	List<Cell> order(int round) {
		List<Cell> order = new ArrayList<>(this.cells);
		Collections.rotate(order, -round);
		return order;
	}

	/** Returns the cells but the limit. */
	List<Cell> measured() {
		return this.cells.subList(1, this.cells.size());
	}

	void allocated(Cell cell, double bytesPerRow) {
		this.allocated.put(cell, bytesPerRow);
	}

	void add(Cell cell, Measurement measurement) {
		this.rounds.get(cell).add(measurement);
	}

	/** Returns a result for each cell but the limit. */
	List<Result> results() {
		return measured().stream().map((cell) -> result(cell, cell.workload().name())).toList();
	}

	/** Returns how many times as fast as each other cell ours was. */
	Map<String, Spread> advantages() {
		Cell ours = this.cells.get(1);
		Map<String, Spread> advantages = new LinkedHashMap<>();
		for (Cell other : this.cells.subList(2, this.cells.size())) {
			advantages.put(other.toString(), ratio(ours, other));
		}
		return advantages;
	}

	/** Returns our result under another name, to stand beside a cell of that name. */
	Result ours(String table) {
		return result(this.cells.get(1), table);
	}

	private Result result(Cell cell, String table) {
		Cell limit = this.cells.get(0);
		return new Result(table, cell.technique().name(), cell.connections(), cell.technique().batch(),
				spread(cell, Measurement::rowsPerSecond), spread(limit, Measurement::rowsPerSecond), ratio(cell, limit),
				spread(cell, Measurement::cpuMicrosPerRow), this.allocated.getOrDefault(cell, Double.NaN));
	}

	private Spread ratio(Cell one, Cell other) {
		List<Measurement> ones = this.rounds.get(one);
		List<Measurement> others = this.rounds.get(other);
		double[] ratios = new double[ones.size()];
		Arrays.setAll(ratios, (round) -> ones.get(round).rowsPerSecond() / others.get(round).rowsPerSecond());
		return Spread.of(ratios);
	}

	private Spread spread(Cell cell, ToDoubleFunction<Measurement> figure) {
		return Spread.of(this.rounds.get(cell).stream().mapToDouble(figure).toArray());
	}

}
