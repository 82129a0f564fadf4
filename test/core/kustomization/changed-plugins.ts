import t from 'tap'
import { parseKustomization } from '../../../src/core/kustomization/parse-kustomization.ts'
import { setsFields } from '../../../src/core/kustomization/sets-fields.ts'
import {
  changedPlugins,
  unreadablePlugin,
} from '../../../src/core/kustomization/unsafe/changed-plugins.ts'
import { unsafeReferences } from '../../../src/core/kustomization/unsafe/unsafe-references.ts'
import { memoryTree, type Files } from '../../support/memory-tree.ts'

const site = 'clusters/site-a/kustomization.yaml'
const refusals = (text: string, files: Files = {}): readonly string[] =>
  unsafeReferences(memoryTree({ ...files, [site]: text }), parseKustomization(site, text)).map(
    ({ code, message }) => `${code} ${message}`,
  )
const remote = 'https://example.com/x'
const builtin = (fields: string): string =>
  `apiVersion: builtin\nkind: A\nmetadata: {name: a}\n${fields}`

t.test('a plugin that kustomize may read otherwise is refused, with its line', t => {
  const written = builtin(`path: ${remote}\n`)
  const texts: readonly (readonly [string, number])[] = [
    [`${written}x: "a\n"\n`, 5],
    [`${written}x: "a"#b\n`, 5],
    [`# x\r${written}`, 1],
    [`# x\u2028${written}`, 1],
    [`a: b\na: b\n---\n${written}`, 2],
    [`a: "\\x62uiltin\n"\n`, 1],
  ]
  for (const [text, line] of texts)
    for (const key of ['transformers', 'validators', 'generators'])
      t.match(
        refusals(`${key}: [t.yaml]\n`, { 'clusters/site-a/t.yaml': text })[0],
        new RegExp(
          `^ENTRY_UNREADABLE reading clusters/site-a/t\\.yaml:${line}: it may configure a plugin, and Sower cannot read it as kustomize does: `,
        ),
        `${key} ${line}`,
      )
  const inline = `transformers:\n- |\n  ${builtin('x: "a"#b\n').replaceAll('\n', '\n  ')}`
  t.match(refusals(inline), [/^ENTRY_UNREADABLE reading clusters\/site-a\/kustomization\.yaml: /])
  t.same(refusals('transformers: [t.yaml]\n', { 'clusters/site-a/t.yaml': 'a: b\na: b\n' }), [])
  t.end()
})

t.test('a directory that changes its plugins is refused, for nobody knows what they load', t => {
  const inDirectory = (fields: string, files: Files = {}): readonly string[] =>
    refusals('transformers: [t]\n', {
      'clusters/site-a/t/kustomization.yaml': `resources: [t.yaml]\n${fields}`,
      'clusters/site-a/t/t.yaml': 'apiVersion: a.b/v1\nkind: C\n',
      ...files,
    })
  const changing: Readonly<Record<string, string>> = {
    patches: 'patches: [{patch: "apiVersion: builtin"}]\n',
    patchesStrategicMerge: 'patchesStrategicMerge: [p.yaml]\n',
    patchesJson6902: 'patchesJson6902: [{path: p.yaml}]\n',
    replacements: 'replacements: [{path: r.yaml}]\n',
    vars: 'vars: [{name: A}]\n',
    transformers: 'transformers: ["{a: b}"]\n',
    configurations: 'configurations: [p.yaml]\n',
    crds: 'crds: [p.yaml]\n',
    'label\u017F': 'label\u017F: [{pairs: {path: a}, field\u017F: [{path: spec}]}]\n',
  }
  const files = { 'clusters/site-a/t/p.yaml': 'a: builtin\n', 'clusters/site-a/t/r.yaml': 'a: b\n' }
  for (const [field, fields] of Object.entries(changing))
    t.match(
      inDirectory(fields, files)[0],
      `ENTRY_UNREADABLE reading clusters/site-a/t/kustomization.yaml: its ${field} may change the plugins of that directory`,
      field,
    )
  for (const fields of [
    '',
    'labels: [{pairs: {a: b}}]\n',
    'labels: a\n',
    'patches: [{patch: "a: b"}, {path: ../../../../x.yaml}, {path: gone.yaml}]\n',
    'configMapGenerator: [{name: a}]\n',
  ])
    t.notMatch(inDirectory(fields), [/ENTRY_UNREADABLE/], fields)
  t.end()
})

t.test('says which field may set any other, and of a text whether its lines count', t => {
  const field = (text: string): string | undefined => setsFields(parseKustomization(site, text))
  t.equal(field('resources: []\npatches: []\n'), undefined)
  t.equal(field('Configurations: [a]\n'), 'Configurations')
  const wrong = builtin('x: "a"#b\n')
  t.match(unreadablePlugin(wrong, { file: 'a', isWhole: false }), [{ message: /^reading a: it/ }])
  t.match(unreadablePlugin(wrong, { file: 'a', isWhole: true }), [{ message: /^reading a:4: it/ }])
  t.strictSame(unreadablePlugin(builtin(''), { file: 'a', isWhole: true }), [])
  const text = 'vars: [{name: A}]\n'
  const place = { directory: 'a', targets: [], kustomization: parseKustomization(site, text) }
  t.match(changedPlugins(memoryTree({}), place), [{ fix: /without vars$/ }])
  t.end()
})
