import t from 'tap'
import { entriesBelowEmpty } from '../../../src/core/kustomization/entries-below-empty.ts'
import { commentedEntries, styleNear } from '../../../src/core/kustomization/commented-entries.ts'
import { fieldsBeside, listOf } from '../../../src/core/kustomization/parse-kustomization.ts'
import { read, renderAll } from '../../support/edit/edit-cases.ts'

const bomb = `a: &a [${'x, '.repeat(9)}x]
b: &b [${'*a, '.repeat(9)}*a]
c: &c [${'*b, '.repeat(9)}*b]
d: [${'*c, '.repeat(9)}*c]
resources: []
`
const deep = 100_000

t.test('refuses to read what Go or kustomize would read otherwise, and names the line', t => {
  const refusals: readonly (readonly [what: string, text: string, message: RegExp])[] = [
    ['a lone carriage return', 'resources:\n- a\r- b\n', /yaml:2: a lone carriage return/],
    ['a next-line character', 'resources:\n# c\u0085- a\n', /:2: a Unicode line separator/],
    ['a line separator', '# c\u2028- a\n', /:1: a Unicode line separator/],
    ['a paragraph separator', '# c\u2029- a\n', /:1: a Unicode line separator/],
    ['two byte order marks', '\uFEFF\uFEFFresources: []\n', /:1: a byte order mark is inside/],
    ['one in a later line', '\uFEFFa: b\n\uFEFFresources: []\n', /:2: a byte order mark is inside/],
    ['a control character', 'resources:\n- a\u0000\n', /:2: it holds a control character/],
    ['DEL', 'resources:\n- a\u007F\n', /:2: it holds a control character/],
    ['a C1 control character', 'resources:\n- a\u0080\n', /:2: it holds a control character/],
    ['a noncharacter', 'resources:\n- a\uFFFE\n', /:2: it holds a control character/],
    ['half of a character', 'resources:\n- a\uD83C\n', /:2: it holds a control character/],
    ['a %YAML directive', '%YAML 1.2\n---\nresources: []\n', /:1: a %YAML or other directive/],
    ['a %TAG directive', '# c\n%TAG ! x:\n---\nresources: []\n', /:2: a %YAML or other directive/],
    ['a tab as indentation', 'resources:\n\t- a\n', /:2: it is indented with a tab/],
    ['a tab behind spaces', 'resources:\n  \t- a\n', /:2: it is indented with a tab/],
    ['a tab before a comment', 'resources:\n- a\n\t# c\n', /:3: it is indented with a tab/],
    ['a tab on a line of its own', 'resources:\n- |-\n  a\n\t\n', /:4: /],
    ['a tab after the dash', 'resources:\n-\ta\n', /:2: it is indented with a tab/],
    ['a tab behind brackets', '{resources:\n\t[a]}\n---\n\t- b\n', /:4: it is indented with a tab/],
    ['a tab after spaces after it', 'resources:\n- \ta\n', /:2: it is indented with a tab/],
    ['nothing', '', /yaml: it is not a YAML mapping/],
    ['only a comment', '# nothing\n', /yaml: it is not a YAML mapping/],
    ['only a document start', '---\n', /yaml: it is not a YAML mapping/],
    ['a list', '- a\n', /yaml: it is not a YAML mapping/],
    ['a text', 'resources', /yaml: it is not a YAML mapping/],
    ['a set', '!!set {resources}', /yaml: it is not a YAML mapping/],
    ['two documents', 'resources: []\n---\nresources: [a]\n', /:2: a second YAML document/],
    ['a second document behind an empty one', 'a: b\n---\n---\nc: d\n', /:3: a second YAML docum/],
    ['a broken second document', 'resources: []\n---\n"a\n', /:2: a second YAML document/],
    ['a written null as the second', 'resources: []\n--- ~\n', /:2: a second YAML document/],
    ['less indentation than above', '  kind: a\nresources: []\n', /:2: Unexpected scalar/],
    ['more behind the end', '{resources: []}\na\n', /:2: Unexpected scalar at node end$/],
    ['broken YAML', 'resources:\n- "a\n', /yaml:3: Missing closing "quote$/],
    ['a comment too near', 'resources: []# c\n', /:1: Comments must be separated/],
    ['the same field twice', 'resources: []\nresources: []\n', /:2: the field resources is there/],
    ['the same field with a text', 'resources: [a]\nresources: b\n', /:2: the field resources/],
    ['the same field in another case', 'resources: []\nRESOURCES: []\n', /:2: the field RESOURCES/],
    ['the same field in Unicode', 'resources: []\nreſourceſ: []\n', /:2: the field reſourceſ/],
    ['a merge key', 'x: &x {resources: [a]}\n<<: *x\n', /:2: a merge key/],
    ['a key that is an alias', 'x: &x resources\n*x : [a]\n', /:2: a key is not a text/],
    ['a key that is a list', '? [a]\n: b\n', /:1: a key is not a text/],
    ['a key that is a number', 'a: b\n1: c\n', /:2: a field has a name that is not a text/],
    ['a key with a tag', '!!int resources: [a]\n', /:1: a field has a name that is not a text/],
    [
      'a text in base64',
      '!!binary cmVzb3VyY2Vz: [a]\n',
      /:1: a !!binary is read as a text by kustomize only$/,
    ],
    ['a key without a colon', '{resources}', /:1: the field resources has no colon/],
    ['an alias as the list', 'x: &x [a]\nresources: *x\n', /:2: the field resources is not a list/],
    ['a text as the list', 'resources: a\n', /:1: the field resources is not a list/],
    ['a mapping as the list', 'resources:\n  a: b\n', /:1: the field resources is not a list/],
    ['an ordered mapping', 'resources: !!omap [a: b]\n', /:1: the field resources is not a list/],
    ['a list with another tag', 'resources: !a [b]\n', /:1: the field resources is not a list/],
    ['an unknown alias as an entry', 'resources:\n- *a\n', /:2: the alias \*a leads nowhere/],
    ['an alias before its anchor', 'a: *b\nc: &b d\n', /:1: the alias \*b leads nowhere/],
    [
      'an alias inside what it names',
      'a: &a [b, *a]\n',
      /:1: the alias \*a is inside what it names$/,
    ],
    [
      'a line no deeper than its dash',
      'resources:\n- # c\n\n# d\n  a\n- b\n',
      /:6: this line belongs/,
    ],
    ['too many aliases', bomb, /yaml: it is nested too deeply, or has too many aliases$/],
    ['very deep lists', `a: ${'- '.repeat(deep)}b\n`, /yaml(:1)?: /],
    ['very deep flow lists', `a: ${'['.repeat(deep)}${']'.repeat(deep)}\n`, /yaml(:1)?: /],
    ['very deep keys', `${'? '.repeat(deep)}a\n`, /yaml(:1)?: /],
  ]
  for (const [what, text, message] of refusals)
    t.throws(
      () => read(text),
      { name: 'RefusedError', code: 'KUSTOMIZATION_UNREADABLE', message, fix: /by hand/ },
      what,
    )
  t.end()
})

t.test('names the empty value that entries follow', t => {
  for (const [value, written, indented] of [
    ['[]', '[]', false],
    ['[]', '[ # none\n]', true],
    ['{}', '{ }', false],
    ['{}', '{}', true],
    ...['null', 'Null', 'NULL', '~'].flatMap(word => [
      [word, word, false] as const,
      [word, word, true] as const,
    ]),
  ] as const) {
    const text = `kind: Kustomization\nresources: ${written}  # detached\n${indented ? '  ' : ''}- a.yaml\n`
    const below = entriesBelowEmpty(text)
    t.match(below, { key: 'resources', value, line: 2 }, text)
    t.throws(() => read(text), {
      message: `:2: line 2 of the kustomization says \`resources: ${value}\`, and an entry follows in line ${String(below?.entry)}`,
      fix: `take out the \`${value}\`; the entries stay as they are`,
    })
  }
  // Where a line may end in two ways, such a text takes twice as long with each line.
  for (const hostile of ['\r\n#\r\r', '\r\n', '\r', '\n#\r', '\r\n \r#', ' #\r\n'])
    for (const begin of ['resources: []', '? resources', 'resources:', 'resources'])
      t.equal(entriesBelowEmpty(`${begin}\n${hostile.repeat(5000)}x`), null)
  for (const [text, line, entry] of [
    ['resources: []\n- a.yaml\n', 1, 2],
    ['kind: Kustomization\r\nresources:  [ ]  # detached\r\n#- a.yaml\r\n\r\n  - b.yaml\r\n', 2, 5],
    ['resources: []\ncomponents: []\n-\n', 2, 3],
  ] as const) {
    t.match(entriesBelowEmpty(text), {
      key: line === 2 && entry === 3 ? 'components' : 'resources',
      line,
      entry,
    })
    t.throws(() => read(text), {
      code: 'KUSTOMIZATION_UNREADABLE',
      message: new RegExp(
        `:${line}: line ${line} of the kustomization says .*: \\[\\]\`, and an entry follows in line ${entry}$`,
      ),
      fix: /take out the `\[\]`/,
    })
  }
  for (const [text, message, fix] of [
    [
      'resources: null\n- a\n',
      /:1: line 1 .* says `resources: null`, .* line 2$/,
      /out the `null`;/,
    ],
    ['? resources\n: ~\n#- b\n- a\n', /:2: .* says `resources: ~`, .* line 4$/, /out the `~`;/],
    ['kind: K\n? resources\n- a\n', /:2: .* says `\? resources`, .* 3$/, /write `resources:` inst/],
  ] as const)
    t.throws(() => read(text), { code: 'KUSTOMIZATION_UNREADABLE', message, fix })
  for (const text of [
    'resources: []\n',
    'resources: []\nx: y\n',
    'resources:\n- a\n',
    '',
    'resources: ~\n',
    'resources: nullable\n- a\n',
  ])
    t.equal(entriesBelowEmpty(text), null, text)
  t.end()
})

const other = /:3: entry 2 of resources is not a text, or not the same one for kustomize$/

t.test('refuses entries that kustomize takes for something else than this text', t => {
  for (const entry of [
    ...['y', 'Y', 'yes', 'YES', 'n', 'No', 'on', 'Off', 'true', 'False', '~', 'null', 'NULL', ''],
    ...['1', '-1', '+1', '1.5', '.5', '5.', '1e5', '08', '0777', '0x1F', '-0x1F', '0X1f'],
    ...['0o17', '0b11', '-0B1', '1_000', '1__0', '1_0.5', '+1e-3', '.inf', '-.INF', '.NaN'],
    ...['!!int "1"', '!file a.yaml', '[a]', '{a: b}', 'a: b', '- a'],
    ...['*yes', '|\n  a.yaml', '"a\\\n\n  b"', '|2-\n      \n', '>\n  \n'],
  ])
    t.throws(
      () => read(`resources:\n- &yes "yes"\n- ${entry}`),
      { name: 'RefusedError', code: 'KUSTOMIZATION_UNREADABLE', message: other },
      JSON.stringify(entry),
    )
  t.end()
})

const texts = {
  ...{ yEs: 'yEs', nUll: 'nUll', '"yes"': 'yes', "'1.5'": '1.5', '!!str 1': '1', '! on': 'on' },
  ...{ '2001-01-01': '2001-01-01', '190:20': '190:20', '0x': '0x', '0b2': '0b2', _1: '_1' },
  ...{ '1.5.yaml': '1.5.yaml', '.e5': '.e5', '=': '=', '-a': '-a', '<<': '<<', 'a#b': 'a#b' },
  ...{ '|-\n  a.yaml': 'a.yaml', '>-\n  b.yaml': 'b.yaml', '"\\x63.yaml"': 'c.yaml' },
  ...{ '&d d.yaml': 'd.yaml', '"e\\\n  .yaml"': 'e.yaml', '1e': '1e', 'g\th': 'g\th' },
}

t.test('reads an entry as kustomize does', async t => {
  const text = `resources:\n${Object.keys(texts)
    .map(entry => `- ${entry}\n`)
    .join('')}`
  const entries = read(text).lists[0]!.entries.map(({ value }) => value)
  t.same(entries, Object.values(texts))
  const render = await renderAll(t, [{ name: 'site', text, entries }])
  t.equal(render.match(/^kind: ClusterInstance$/gm)?.length, entries.length, 'kustomize finds each')
})

t.test('kustomize refuses the entries that are refused here', async t => {
  for (const entry of ['y', 'No', '1.5', '0x1F', '-0b1', '1_000', '~'])
    await t.rejects(
      renderAll(t, [{ name: 'site', text: `resources:\n- ${entry}\n`, entries: [entry] }]),
      { code: 'RENDER_FAILED' },
      entry,
    )
})

t.test('reads tabs that do not indent, and other rare but equal things', t => {
  for (const [text, ...values] of [
    ['resources:\t# c\n- a\t# c\t\n- "b"\t\n', 'a', 'b'],
    ['resources:\n- a # \t\n#\t- b\n', 'a'],
    ['resources:\n- a\npatches:\n- patch: |-\n    a:\n    \tb\n', 'a'],
    ['resources:\n- a\npatches:\n- |-\n  ---\n  - \tb\n', 'a'],
    ['\uFEFFresources: [a,\tb]', 'a', 'b'],
    ['{\n\t"resources": [\n\t\t"a",\n\t\tb\n\t]\n}\n', 'a', 'b'],
    ['resources:\n- a\n---\n# nothing\n---\n', 'a'],
    ['--- # c\nresources:\n- a\n... # c\n', 'a'],
    ['!!map\nresources: !!seq\n- a\n', 'a'],
    ['reſources: [a]\n', 'a'],
    ['resources:\n- a\n - b\n', 'a - b'],
  ] as const)
    t.same(
      read(text).lists[0]!.entries.map(({ value }) => value),
      values,
      JSON.stringify(text),
    )
  t.end()
})

t.test('reads lists in every style, with where they stand', t => {
  const lists = (text: string): unknown =>
    read(text).lists.map(({ key, style, line, entries }) => [
      key,
      style,
      line,
      ...entries.map(({ value, line }) => `${value}:${line}`),
    ])
  t.strictSame(lists('resources:\n- a\n- b\n'), [['resources', 'block', 1, 'a:2', 'b:3']])
  t.strictSame(lists('bases: [a, "b"]\n'), [['bases', 'flow', 1, 'a:1', 'b:1']])
  t.strictSame(lists('components:\n'), [['components', 'null', 1]])
  t.strictSame(lists('generators: ~\n'), [['generators', 'null', 1]])
  t.strictSame(lists('resources: []\n'), [['resources', 'flow', 1]])
  t.strictSame(lists('namespace: x\npatches: []\n'), [])
  t.strictSame(lists('x: &x a.yaml\nresources:\n- *x\n'), [['resources', 'block', 2, 'a.yaml:3']])
  t.strictSame(lists('{"resources": ["a"]}'), [['resources', 'flow', 1, 'a:1']])
  t.strictSame(lists('resources:\n-\n  a\n- # c\n  b\n'), [['resources', 'block', 1, 'a:2', 'b:4']])
  t.end()
})

t.test('reads the lists that may depend on an entry', t => {
  const kustomization = read('patches:\n- path: a.yaml\n- target: {}\nvars: []\nresources: []\n')
  t.match(kustomization.dependents, [
    { key: 'patches', line: 1, items: [{ value: { path: 'a.yaml' }, line: 2 }, { line: 3 }] },
    { key: 'vars', line: 4, items: [] },
  ])
  t.equal(listOf(kustomization, 'patches')?.items.length, 2)
  t.equal(listOf(kustomization, 'bases'), undefined)
  t.same(fieldsBeside('resources', read('Resources: [a]\nkind: b\n')), { kind: 'b' })
  t.equal(read('{resources: []}').isFlow, true)
  t.equal(kustomization.isFlow, false)
  t.end()
})

t.test('knows commented-out entries from prose, and the style of the nearest', t => {
  const commented = [
    ...[
      '#- a.yaml',
      '  # - b/',
      '#  - c.yaml # gone',
      "# - 'd e.yaml'",
      '  #- "f: g"  ',
      '# - h:8',
    ],
    ...['### SITE ###', '# - two words', '# - files:', '# - <name>', '#-- x', '## - x', '# - #'],
    ...['- live.yaml # - x', '#-x', '# - "a" b', '# -'],
  ].join('\r\n')
  t.strictSame(commentedEntries(commented), [
    { line: 1, value: 'a.yaml', style: 'hash-dash' },
    { line: 2, value: 'b/', style: 'hash-space-dash' },
    { line: 3, value: 'c.yaml', style: 'hash-first' },
    { line: 4, value: 'd e.yaml', style: 'hash-space-dash' },
    { line: 5, value: 'f: g', style: 'hash-dash' },
    { line: 6, value: 'h:8', style: 'hash-space-dash' },
  ])
  t.equal(styleNear(commented, 1), 'hash-dash')
  t.equal(styleNear(commented, 3), 'hash-first')
  t.equal(styleNear(commented, 99), 'hash-space-dash')
  t.equal(styleNear('resources: []\n', 1), 'hash-dash')
  t.equal(styleNear('resources: []\n', 1, 'hash-space-dash'), 'hash-space-dash')
  t.end()
})
