import fc, { type Arbitrary } from 'fast-check'

/** A kustomization with one list, and what was written into that list. */
export type Written = Readonly<{ text: string; key: string; values: readonly string[] }>

const key = fc.constantFrom('resources', 'resources', 'generators', 'components', 'bases')
const fileName = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}(\/[a-z]{1,4})?\.ya?ml$/)
const comment = fc.constantFrom(
  ...['# c', '#- old.yaml', '# - older.yaml', '#  - oldest.yaml', '### SITE 1 ###', '#'],
  ...['# prose: - see the wiki', '# - files:', '#- "q r.yaml"', '# [x', "# it's"],
)

const quoted = (value: string): string => `"${value}"`
const escaped = (value: string): string =>
  `"\\x${value.charCodeAt(0).toString(16)}${value.slice(1)}"`
const onOneLine = [
  (value: string) => value,
  (value: string) => value,
  quoted,
  (value: string) => `'${value}'`,
  escaped,
  (value: string) => `!!str ${value}`,
  (value: string) => `./${value}`,
] as const
const overLines = [
  (value: string, indent: string) => `|-\n${indent}  ${value}`,
  (value: string, indent: string) => `>-\n${indent}   ${value}`,
  (value: string, indent: string) => `"${value.slice(0, 2)}\\\n${indent}  ${value.slice(2)}"`,
] as const

/** How one entry is written, given the indentation of its dash. */
const entryForm: Arbitrary<(value: string, indent: string) => string> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...onOneLine) },
  { weight: 1, arbitrary: fc.constantFrom(...overLines) },
)
const dash = fc.constantFrom('- ', '- ', '- ', '-  ', '-   ', '-\n', '- # own line\n')
const behind = fc.constantFrom('', '', '', ' # c', '   #- d.yaml', '  ', ' # "quote')
const between = fc.array(
  fc.oneof(
    fc.constantFrom('', '   '),
    fc
      .tuple(fc.constantFrom('', ' ', '  ', '      ', '        '), comment)
      .map(pair => pair.join('')),
  ),
  { maxLength: 2 },
)

const blockList = fc
  .record({
    values: fc.uniqueArray(fileName, { minLength: 1, maxLength: 6 }),
    indent: fc.constantFrom('', '', '  ', '  ', ' ', '    ', '      '),
    forms: fc.array(fc.record({ form: entryForm, dash, behind, between }), {
      minLength: 6,
      maxLength: 6,
    }),
    head: fc.constantFrom('', '', ' ', ' # sites', ' &all', ' !!seq # c', ' &all !!seq'),
    tail: between,
  })
  .map(({ values, indent, forms, head, tail }) => ({
    values,
    list: (key: string) =>
      [
        `${key}:${head}`,
        ...values.flatMap((value, at) => {
          const { form, dash, behind, between } = forms[at]!
          const space = dash.endsWith('\n') ? `${indent}  ` : ''
          const written = form(value, indent)
          const end = /\n/.test(written) && !written.startsWith('"') ? '' : behind
          return [...between, `${indent}${dash}${space}${written}${end}`]
        }),
        ...tail,
      ].join('\n'),
  }))

const flowList = fc
  .record({
    values: fc.uniqueArray(fileName, { minLength: 1, maxLength: 6 }),
    forms: fc.array(fc.constantFrom(...onOneLine), { minLength: 6, maxLength: 6 }),
    layout: fc.nat(4),
    comma: fc.constantFrom(', ', ',', ' , '),
    trailing: fc.boolean(),
    behind,
  })
  .map(({ values, forms, layout, comma, trailing, behind }) => {
    const items = values.map((value, at) => forms[at]!(value))
    const end = trailing ? ',' : ''
    const lines = [
      () => `[${items.join(comma)}${end}]`,
      () => `[ ${items.join(comma)}${end} ]${behind}`,
      () => `[${behind}\n  ${items.join(`,${behind}\n  `)}${end}${behind}\n]`,
      () => `[\n    ${items.join(`${behind}\n  , `)}\n  ]`,
      () => `[ # c\n  ${items.join(',\n  ').replace(',\n ', ',')}${end} ]`,
    ]
    return { values, list: (key: string) => `${key}: ${lines[layout]!()}` }
  })

const around = fc.record({
  before: fc.subarray([
    '---',
    '# header',
    'apiVersion: kustomize.config.k8s.io/v1beta1',
    'kind: Kustomization',
  ]),
  after: fc.constantFrom(
    [],
    ['namespace: "010"'],
    ['# end', '', ''],
    ['commonLabels: {a: "y"}', '...'],
    ['images: []', '---'],
  ),
})

const yaml: Arbitrary<Written> = fc
  .record({ key, list: fc.oneof(blockList, blockList, flowList), around })
  .map(({ key, list: { values, list }, around: { before, after } }) => ({
    key,
    values,
    text: [...before, list(key), ...after].join('\n'),
  }))

const json: Arbitrary<Written> = fc
  .record({
    key,
    values: fc.uniqueArray(fileName, { minLength: 1, maxLength: 5 }),
    indent: fc.constantFrom(0, 1, 2, 4),
  })
  .map(({ key, values, indent }) => ({
    key,
    values,
    text: JSON.stringify({ kind: 'Kustomization', [key]: values, namespace: 'x' }, null, indent),
  }))

/** Kustomizations as people write them, and as they might. */
export const aKustomization: Arbitrary<Written> = fc
  .record({
    written: fc.oneof({ weight: 9, arbitrary: yaml }, { weight: 1, arbitrary: json }),
    newline: fc.constantFrom('\n', '\n', '\r\n'),
    end: fc.constantFrom('\n', '\n', ''),
    bom: fc.constantFrom('', '', '\uFEFF'),
  })
  .map(({ written: { key, values, text }, newline, end, bom }) => ({
    key,
    values,
    text: `${bom}${text}${end}`.replaceAll('\n', newline),
  }))
