import t from 'tap'
import { uncommentEntry } from '../../../src/core/edit/uncomment-entry.ts'
import { parseKustomization } from '../../../src/core/kustomization/parse-kustomization.ts'

const uncomment = (text: string, line: number, value = 'ns.yaml'): string | null =>
  uncommentEntry(parseKustomization('site/kustomization.yaml', text), { line, value })

t.test('takes the # from an entry in each style, and a [] away', t => {
  const listed = 'resources:\n  - a.yaml\n'
  for (const line of [
    '  #- ns.yaml',
    '  # - ns.yaml',
    '#  - ns.yaml',
    '  ## - ns.yaml',
    '#- ns.yaml',
  ])
    t.equal(uncomment(`${listed}${line}\n`, 3), `${listed}  - ns.yaml\n`, line)
  t.equal(uncomment('resources: []\r\n# - ns.yaml\r\n', 2), 'resources:\r\n- ns.yaml\r\n')
  t.equal(
    uncomment('components:\n- c\nresources:\n- a.yaml\n#- "ns.yaml" # why\n', 5),
    'components:\n- c\nresources:\n- a.yaml\n- "ns.yaml" # why\n',
  )
  t.end()
})

t.test('gives nothing where that would not be this one entry more', t => {
  t.equal(uncomment('resources:\n- a.yaml\n#- ns.yaml was here\n', 3), null)
  t.equal(uncomment('resources:\n- a.yaml\n# ns.yaml\n', 3), null)
  t.equal(uncomment('resources:\n- a.yaml\n', 9), null)
  t.equal(uncomment('resources: [a.yaml]\n#- ns.yaml\n', 2), null)
  t.end()
})

t.test('throws a bug on', t => {
  const kustomization = parseKustomization('a', 'resources:\n#- ns.yaml\n')
  const broken = {
    ...kustomization,
    get fields(): Record<string, unknown> {
      throw new TypeError('a bug')
    },
  }
  t.throws(() => uncommentEntry(broken, { line: 2, value: 'ns.yaml' }), TypeError)
  t.end()
})
