/* Charts over uPlot: colours that colour-blind eyes tell apart, dashes and bands beside colour, a table behind each. */
(function () {
    'use strict';

    const { element, text, format } = window.MesChain;

    const COLOURS = { main: '#0072b2', compare: '#6c757d', second: '#d55e00', band: 'rgba(0, 114, 178, 0.16)', grid: '#e3e6ea', ink: '#495057' };
    const HEIGHT = 280;
    const charts = new Set();

    function axis(values, more) {
        return { stroke: COLOURS.ink, grid: { stroke: COLOURS.grid, width: 1 }, ticks: { stroke: COLOURS.grid, width: 1 }, values, font: '12px sans-serif', ...more };
    }

    /** Zero is in sight unless everything lies far from it and the caller says that it does not matter. */
    function range(zero) {
        return (plot, low, high) => {
            if (low === null || high === null || (low === 0 && high === 0)) {
                return [0, 1];
            }
            const room = (high - low || Math.abs(high)) * 0.08;
            return zero ? [Math.min(0, low < 0 ? low - room : 0), high > 0 ? high + room : 0] : [low - room, high + room];
        };
    }

    /**
     * Draws into `target`. `chart`: {label, x: seconds or numbers, time: bool, lines: [{label, values, style, show(value)}],
     * bands: [[upper, lower]], xLabel(value, index), yLabel(value), second: {yLabel}, zero: bool, room: on both sides of x, table: node}.
     */
    function draw(target, chart) {
        const box = element('div', { class: 'meschain-plot', role: 'img', 'aria-label': chart.label });
        const details = element('details', { class: 'meschain-behind' }, element('summary', {}, text('show_table')), chart.table);
        target.replaceChildren(box, details);
        target.removeAttribute('aria-busy');
        const options = {
            width: Math.max(240, box.clientWidth), height: HEIGHT,
            tzDate: (stamp) => window.uPlot.tzDate(new Date(stamp * 1e3), 'UTC'),
            scales: { x: { time: chart.time !== false, range: (plot, low, high) => [low - (chart.room || 0), high + (chart.room || 0)] }, y: { range: range(chart.zero !== false) }, second: { range: range(true) } },
            axes: [
                axis((plot, splits) => once(splits.map((split) => chart.axisLabel ? chart.axisLabel(split) : format.shortDate(new Date(split * 1e3)))), { space: 70 }),
                axis((plot, splits) => splits.map((split) => chart.yLabel ? chart.yLabel(split) : format.compact(split)), { size: 64 }),
            ],
            series: [{ label: chart.xName || text('date'), value: (plot, value, series, index) => (value === null || index === null ? '–' : chart.xLabel(value, index)) }],
            bands: (chart.bands || []).map((pair) => ({ series: pair, fill: COLOURS.band })),
            legend: { live: true },
            cursor: { drag: { x: false, y: false }, points: { size: 7 } },
        };
        for (const line of chart.lines) {
            options.series.push(lineOf(line));
        }
        if (chart.second) {
            options.axes.push(axis((plot, splits) => splits.map(chart.second.yLabel), { scale: 'second', side: 1, size: 64, grid: { show: false } }));
        }
        const plot = new window.uPlot(options, [chart.x, ...chart.lines.map((line) => line.values)], box);
        remember(plot, box);
        return plot;
    }

    /** Several marks within one day: its name stands at the first. */
    function once(labels) {
        return labels.map((label, index) => (index > 0 && label === labels[index - 1] ? '' : label));
    }

    function lineOf(line) {
        const styles = {
            main: { stroke: COLOURS.main, width: 2 },
            compare: { stroke: COLOURS.compare, width: 1.5, dash: [5, 4] },
            second: { stroke: COLOURS.second, width: 2, dash: [2, 3], scale: 'second' },
            forecast: { stroke: COLOURS.main, width: 2, dash: [6, 3] },
            edge: { stroke: 'rgba(0, 114, 178, 0.35)', width: 1, points: { show: false } },
            bars: { stroke: COLOURS.main, fill: 'rgba(0, 114, 178, 0.35)', width: 1, paths: window.uPlot.paths.bars({ size: [0.7, 60] }), points: { show: false } },
        };
        return {
            label: line.label, spanGaps: false, value: (plot, value) => (value === null || value === undefined ? '–' : line.show(value)),
            points: line.values.filter((value) => value !== null).length <= 45 ? { size: 5 } : { show: false }, ...styles[line.style || 'main'],
        };
    }

    function remember(plot, box) {
        for (const old of charts) {
            if (!old.box.isConnected) {
                old.plot.destroy();
                charts.delete(old);
            }
        }
        charts.add({ plot, box });
    }

    function fit() {
        for (const { plot, box } of charts) {
            if (box.isConnected && box.clientWidth && box.clientWidth !== plot.width) {
                plot.setSize({ width: Math.max(240, box.clientWidth), height: HEIGHT });
            }
        }
    }

    window.addEventListener('resize', fit);
    window.addEventListener('beforeprint', fit);
    window.addEventListener('afterprint', fit);

    /** A thin bar for a share of the whole, with its number beside it. */
    function share(ratio, label) {
        const bar = element('span', { class: 'meschain-share-bar' });
        bar.style.width = Math.max(0, Math.min(100, ratio * 100)) + '%';
        return element('span', { class: 'meschain-share' }, element('span', { class: 'meschain-share-track', 'aria-hidden': 'true' }, bar),
            element('span', { class: 'meschain-share-label' }, label));
    }

    Object.assign(window.MesChain, { chart: { draw, share } });
}());
