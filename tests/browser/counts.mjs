// Prints "N passed, N failed, N skipped" at the end.
export default class Counts {
    constructor() {
        this.tests = new Map();
    }

    onTestEnd(test, result) {
        this.tests.set(test.id, result.status === 'skipped' ? 'skipped' : test.ok() ? 'passed' : 'failed');
    }

    onEnd() {
        const count = (outcome) => [...this.tests.values()].filter((one) => one === outcome).length;
        console.log(`\n${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
    }
}
