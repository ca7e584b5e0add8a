// Takes the price list of the npm package @pydantic/genai-prices over into this module, and prints what changed:
//
//     node observatory-storage-core/src/prices/update.mjs [version]
//
// Needs Node 18 or later, npm and tar. What is written is to be looked through and committed.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = '@pydantic/genai-prices';
const MODULE = fileURLToPath(new URL('../', import.meta.url));
const RESOURCES = join(MODULE, 'main/resources/io/observatory/storage/llm/price');
const TEST_RESOURCES = join(MODULE, 'test/resources/io/observatory/storage/llm/price');

// the list's units that a span tells of, in the order of the columns
const UNITS = ['input_mtok', 'output_mtok', 'cache_read_mtok', 'cache_write_mtok', 'cache_write_1h_mtok',
	'input_audio_mtok', 'output_audio_mtok', 'output_reasoning_mtok', 'requests_kcount'];
const COLUMNS = ['provider', 'model', 'match', 'from', 'hours', 'above', ...UNITS];

/** The list's match rules as one regular expression for the whole of a name in lower case. */
function pattern(rule) {
	const [kind, value] = Object.entries(rule)[0];
	const literal = () => value.toLowerCase().replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
	switch (kind) {
		case 'equals': return literal();
		case 'starts_with': return literal() + '.*';
		case 'ends_with': return '.*' + literal();
		case 'contains': return '.*' + literal() + '.*';
		case 'regex': return wholeName(value);
		case 'or': return value.map(pattern).join('|');
		case 'and': return value.map((part) => `(?=(?:${pattern(part)})$)`).join('') + '.*';
		default: throw new Error(`Unknown match rule ${kind}: teach it to update.mjs`);
	}
}

function wholeName(regex) {
	const start = regex.startsWith('^') ? regex.slice(1) : '.*' + regex;
	return start.endsWith('$') ? start.slice(0, -1) : start + '.*';
}

/** One row for each price: of a model's rows the last one holds whose conditions are met. */
function rows(provider, model) {
	const conditional = Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }];
	return conditional.flatMap(({ constraint, prices }) => {
		const condition = [constraint?.start_date, hours(constraint)];
		const starts = new Set(Object.values(prices).flatMap((price) => (price.tiers ?? []).map((tier) => tier.start)));
		return [undefined, ...[...starts].sort((a, b) => a - b)].map((start) =>
			[provider.id, model.id, pattern(model.match), ...condition, start, ...UNITS.map((unit) => rate(unit, prices, start))]);
	});
}

function hours(constraint) {
	if (constraint?.start_time === undefined) {
		return undefined;
	}
	const utc = (time) => {
		if (!/^\d\d:\d\d:00Z$/.test(time)) {
			throw new Error(`Unknown time of day ${time}: teach it to update.mjs`);
		}
		return time.slice(0, 5);
	};
	return utc(constraint.start_time) + '-' + utc(constraint.end_time);
}

function rate(unit, prices, start) {
	const price = prices[unit];
	const free = Object.keys(prices).length === 0 && (unit === 'input_mtok' || unit === 'output_mtok');
	if (price === undefined) {
		return free || (unit === 'output_mtok' && prices.input_mtok !== undefined) ? 0 : undefined;
	}
	const number = typeof price === 'number' ? price
		: price.tiers.filter((tier) => start !== undefined && tier.start <= start).at(-1)?.price ?? price.base;
	// the list has some that were reckoned in binary numbers: 0.18000000000000002
	return Number(number.toPrecision(12));
}

const table = (head, lines) => head.join('\n') + '\n' + lines.map((line) => line.map((field) => field ?? '').join('\t')).join('\n') + '\n';

/** What the package itself says that calls cost, for a test to compare with. */
function expected(list, providers) {
	const usage = { input_tokens: 300000, cache_read_tokens: 100000, cache_write_tokens: 20000, cache_write_1h_tokens: 5000, output_tokens: 1000 };
	const brief = { input_tokens: 1234, output_tokens: 567 };
	const lines = [];
	for (const provider of providers) {
		for (const model of provider.models.filter((each) => priced(each))) {
			for (const time of ['2025-05-01T02:00:00Z', '2026-08-25T12:00:00Z', '2027-01-01T00:00:00Z']) {
				for (const tokens of [usage, brief]) {
					lines.push(line(list, provider, model, time, tokens));
				}
			}
		}
	}
	// what a model costs at all times is there once
	const seen = new Set();
	return lines.filter((each) => each !== undefined && seen.size < seen.add(each.toSpliced(2, 1).join()).size);
}

const priced = (model) => (Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }])
	.some(({ prices }) => prices.input_mtok !== undefined || Object.keys(prices).length === 0);

function line(list, provider, model, time, tokens) {
	const prices = new Set((Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }]).flatMap((each) => Object.keys(each.prices)));
	const known = Object.fromEntries(Object.entries(tokens).filter(([key]) =>
		!key.startsWith('cache_') || prices.has(key.replace('_tokens', '_mtok'))));
	const cost = list.calcPrice(known, model.id, { provider, timestamp: new Date(time) });
	if (cost === null || cost.model.id !== model.id) {
		return undefined; // its own rules do not find it by its id
	}
	return [provider.id, model.id, time, tokens.input_tokens, known.cache_read_tokens, known.cache_write_tokens,
		known.cache_write_1h_tokens, tokens.output_tokens, cost.total_price.toPrecision(12)];
}

function printChanges(file, before, after) {
	const byKey = (text) => {
		const found = new Map();
		for (const row of text.split('\n').filter((each) => each !== '' && !each.startsWith('#'))) {
			const fields = row.split('\t');
			const key = fields.slice(0, 2).join(' ');
			found.set(key, [...(found.get(key) ?? []), fields.slice(2).join(' ').trim()]);
		}
		return found;
	};
	const [old, now] = [byKey(before), byKey(after)];
	let changes = 0;
	for (const key of new Set([...old.keys(), ...now.keys()])) {
		const [was, is] = [old.get(key)?.join(' / '), now.get(key)?.join(' / ')];
		if (was !== is) {
			changes++;
			console.log(was === undefined ? `+ ${key}: ${is}` : is === undefined ? `- ${key}` : `~ ${key}:\n    ${was}\n    ${is}`);
		}
	}
	console.log(`${file}: ${now.size} entries, ${changes} changed`);
}

function write(folder, file, text) {
	const path = join(folder, file);
	printChanges(file, existsSync(path) ? readFileSync(path, 'utf8') : '', text);
	writeFileSync(path, text);
}

const work = mkdtempSync(join(tmpdir(), 'genai-prices-'));
try {
	const wanted = process.argv[2] === undefined ? PACKAGE : `${PACKAGE}@${process.argv[2]}`;
	const archive = execFileSync('npm', ['pack', '--silent', wanted], { cwd: work, encoding: 'utf8' }).trim().split('\n').at(-1);
	execFileSync('tar', ['xzf', archive], { cwd: work });
	const require = createRequire(join(work, 'package/'));
	const { version } = require('./package.json');
	const list = require('./dist/index.cjs');
	const providers = await list.waitForUpdate();
	const source = `# genai-prices ${version}`;
	const note = [source, '# Data of the npm package @pydantic/genai-prices, MIT (GENAI-PRICES-LICENSE), made by update.mjs: not to be edited.'];
	write(RESOURCES, 'genai-providers.tsv', table([...note, '# provider\tname\tmodel\tfallback'], providers.map((provider) => [provider.id,
		[provider.id.toLowerCase(), provider.provider_match && pattern(provider.provider_match)].filter(Boolean).join('|'),
		provider.model_match && pattern(provider.model_match), provider.fallback_model_providers?.join(' ')])));
	write(RESOURCES, 'genai-prices.tsv', table([...note, '# In US dollars for a million tokens; the last column for a thousand requests.',
		'# ' + COLUMNS.join('\t')], providers.flatMap((provider) => provider.models.flatMap((model) => rows(provider, model)))));
	write(RESOURCES, 'GENAI-PRICES-LICENSE', readFileSync(join(work, 'package/LICENSE'), 'utf8'));
	write(TEST_RESOURCES, 'genai-prices-expected.tsv', table([...note, '# What the package itself reckons: provider\tmodel\ttime\tinput\tcache_read\tcache_write\tcache_write_1h\toutput\tcost'],
		expected(list, providers)));
}
finally {
	rmSync(work, { recursive: true });
}
