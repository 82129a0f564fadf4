import './seedgen/explain-agent.ts'
import './seedgen/recreators.ts'
import './seedgen/push-problem.ts'
import './seedgen/requests.ts'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { parse } from 'yaml'
import { z } from 'zod'
import { readConditions } from '../../src/core/seedgen/read-conditions.ts'
import { proveImage } from '../../src/core/seedgen/prove-image.ts'
import { imageFromTemplate, parseImageReference } from '../../src/core/seedgen/image-reference.ts'
import {
  compareSeedGenerator,
  seedGeneratorManifest,
  seedKustomization,
} from '../../src/core/seedgen/seed-generator-manifest.ts'
import { propertyRuns } from '../support/property-runs.ts'

t.test('reads image references with a registry, a repository and a tag', t => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['quay.io/org/seed:4.18', 'quay.io', 'org/seed', '4.18'],
    [
      'registry.example.com:5000/ibu/seed-sno1:4.18.5',
      'registry.example.com:5000',
      'ibu/seed-sno1',
      '4.18.5',
    ],
    ['localhost/seed:v1', 'localhost', 'seed', 'v1'],
    ['localhost:5000/seed:v1', 'localhost:5000', 'seed', 'v1'],
    ['registry:5000/seed:v1', 'registry:5000', 'seed', 'v1'],
    ['10.0.0.1:8443/a/b/c/d:_x', '10.0.0.1:8443', 'a/b/c/d', '_x'],
    ['[2001:db8::1]:5000/seed:v1', '[2001:db8::1]:5000', 'seed', 'v1'],
    ['[::1]/seed:v1', '[::1]', 'seed', 'v1'],
    ['Quay.IO/org/a__b.c-d--e_f:V1.0-rc_1', 'quay.io', 'org/a__b.c-d--e_f', 'V1.0-rc_1'],
    [`quay.io/seed:${'a'.repeat(128)}`, 'quay.io', 'seed', 'a'.repeat(128)],
  ]
  for (const [text, registry, repository, tag] of cases)
    t.strictSame(parseImageReference(text), { registry, repository, tag, text }, text)
  t.end()
})

t.test('refuses what podman could not push, and says why', t => {
  const digest = `sha256:${'0'.repeat(64)}`
  const cases: readonly (readonly [string, RegExp])[] = [
    ['', /it has no tag/],
    ['quay.io/org/seed', /it has no tag/],
    // By the square of its length such a text would take hours.
    [`${':'.repeat(1_000_000)}/`, /it has no tag/],
    ['quay.io/org/seed:', /it is not registry\/repository:tag/],
    ['registry.example.com:5000/seed', /it has no tag/],
    ['registry.example.com:5000', /it has no tag/],
    ['seed:v1', /it has no registry/],
    ['org/seed:v1', /it is not registry\/repository:tag/],
    [`quay.io/org/seed@${digest}`, /it has a digest/],
    [`quay.io/org/seed:v1@${digest}`, /it has a digest/],
    ['https://quay.io/org/seed:v1', /it has a scheme/],
    ['docker://quay.io/org/seed:v1', /it has a scheme/],
    ['quay.io/Org/seed:v1', /it is not registry/],
    ['quay.io//seed:v1', /it is not registry/],
    ['quay.io/org/:v1', /it is not registry/],
    ['quay.io/../seed:v1', /it is not registry/],
    ['quay.io/-seed:v1', /it is not registry/],
    ['--tls-verify=false quay.io/seed:v1', /it is not registry/],
    ['-quay.io/seed:v1', /it is not registry/],
    ['quay.io/seed:-v1', /it is not registry/],
    ['quay.io/seed:v 1', /it is not registry/],
    ['quay.io/seed:v1\n', /it is not registry/],
    [' quay.io/seed:v1', /it is not registry/],
    ['quay.io/seed:v1;reboot', /it is not registry/],
    ['quay.io/$(reboot):v1', /it is not registry/],
    [`quay.io/seed:${'a'.repeat(129)}`, /it is not registry/],
    ['quay.io:port/seed:v1', /it is not registry/],
    ['quay.io:123456/seed:v1', /it is not registry/],
    ['[2001:db8::1/seed:v1', /it is not registry/],
    ['2001:db8::1/seed:v1', /it is not registry/],
    ['quay_io.com/seed:v1', /it is not registry/],
  ]
  for (const [text, message] of cases)
    t.throws(
      () => parseImageReference(text),
      { name: 'RefusedError', code: 'IMAGE_INVALID', message, fix: /registry\/repository:tag/ },
      text,
    )
  t.end()
})

t.test('takes no reference that could be read as an option, or hides one in spaces', t => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...Array.from('-/:.@[]a0 $;\n_Z')) }), text => {
      try {
        parseImageReference(text)
      } catch {
        return true
      }
      return /^[A-Za-z0-9[][A-Za-z0-9._:/[\]-]*$/.test(text) && text.includes('/')
    }),
    { numRuns: propertyRuns(1000) },
  )
  t.end()
})

t.test('fills the image template', t => {
  const values = { cluster: 'sno1', version: '4.18.5' }
  t.equal(
    imageFromTemplate('quay.io/ibu/{cluster}:{version}-{cluster}', values).text,
    'quay.io/ibu/sno1:4.18.5-sno1',
  )
  for (const [template, given] of [
    ['quay.io/ibu/{cluster}', values],
    ['quay.io/{name}:{version}', values],
    ['quay.io/{cluster}:{version}', { cluster: 'sno1', version: '' }],
  ] as const)
    t.throws(() => imageFromTemplate(template, given), {
      name: 'RefusedError',
      code: 'IMAGE_INVALID',
    })
  t.end()
})

t.test('reads the conditions as the Lifecycle Agent does', t => {
  const condition = (type: string, status: string, reason: string, message = ''): Condition => ({
    type: `SeedGen${type}`,
    status,
    reason,
    message,
  })
  type Condition = Parameters<typeof readConditions>[0][number]
  const cases: readonly (readonly [string, readonly Condition[], string, string | null])[] = [
    ['nothing yet', [], 'none', null],
    ['under way', [condition('InProgress', 'True', 'InProgress', 'm')], 'running', 'm'],
    ['not under way', [condition('InProgress', 'False', 'InProgress', 'm')], 'none', null],
    [
      'completed',
      [
        condition('InProgress', 'False', 'Completed', 'a'),
        condition('Completed', 'True', 'Completed', 'b'),
      ],
      'completed',
      'b',
    ],
    [
      'completed, and still said to be under way',
      [
        condition('InProgress', 'True', 'InProgress', 'a'),
        condition('Completed', 'True', 'Completed', 'b'),
      ],
      'completed',
      'b',
    ],
    ['not completed', [condition('Completed', 'False', 'InProgress', 'b')], 'none', null],
    [
      'failed, with both conditions',
      [
        condition('InProgress', 'False', 'Failed', 'a'),
        condition('Completed', 'False', 'Failed', 'b'),
      ],
      'failed',
      'b',
    ],
    [
      'failed, with one condition',
      [condition('InProgress', 'False', 'Failed', 'a')],
      'failed',
      'a',
    ],
    ['failed, whatever the status', [condition('Completed', 'True', 'Failed', 'b')], 'failed', 'b'],
    [
      'a type of others',
      [{ type: 'Ready', status: 'True', reason: 'Ready', message: 'x' }],
      'none',
      null,
    ],
  ]
  for (const [what, conditions, progress, message] of cases)
    t.strictSame(readConditions(conditions), { progress, message }, what)
  t.end()
})

t.test('an image is proven by its labels and by a digest that is new', t => {
  const image = {
    ...{ digest: 'sha256:b', format: '4', cluster: 'sno1', version: '4.18.5' },
    ...{ hasProxy: false, hasFips: true },
  }
  const seed = { version: '4.18.5', hasProxy: false, hasFips: true }
  const run = { cluster: 'sno1', image: 'a/b:v4.18.5-2', digestBefore: 'sha256:a', seed }
  const cases: readonly (readonly [
    string,
    typeof image | object,
    typeof run | object,
    RegExp | null,
  ])[] = [
    ['new', {}, {}, null],
    ['new under a free tag', {}, { digestBefore: null }, null],
    [
      'there before',
      { digest: 'sha256:a' },
      {},
      /still points to sha256:a, which was there before/,
    ],
    ['another format', { format: '3' }, {}, /its seed format label is 3, not 4/],
    ['no format', { format: null }, {}, /label is missing, not 4/],
    ['another cluster', { cluster: 'sno2' }, {}, /names the cluster sno2, not sno1/],
    ['no cluster', { cluster: null }, {}, /names the cluster \(none\), not sno1/],
    ['another version', { version: '4.17.1' }, {}, /OpenShift 4\.17\.1, and the seed ran 4\.18\.5/],
    ['no version', { version: null }, {}, /OpenShift \(none\), and the seed ran/],
    ['nothing seen of the seed', { hasProxy: null }, { seed: undefined }, null],
    ['a tag that says nothing', { version: null }, { seed: {}, image: 'a/b:latest' }, null],
    [
      'another version than the tag',
      { version: '4.17.1' },
      { seed: undefined },
      /OpenShift 4\.17\.1, and the tag says v4\.18\.5-2/,
    ],
    [
      'a version that only begins alike',
      { version: '4.18.5' },
      { seed: {}, image: 'a/b:4.18.50' },
      /the tag says 4\.18\.50/,
    ],
    [
      'no version for the tag',
      { version: undefined },
      { seed: {} },
      /OpenShift \(none\), and the tag/,
    ],
    ['a proxy', { hasProxy: true }, {}, /says yes to a proxy, and the seed had none/],
    ['no FIPS', { hasFips: false }, {}, /says no to FIPS mode, and the seed had it/],
    ['no word on FIPS', { hasFips: undefined }, {}, /says nothing to FIPS mode/],
  ]
  for (const [what, changedImage, changedRun, reason] of cases) {
    const proof = proveImage({ ...image, ...changedImage }, { ...run, ...changedRun })
    t.equal(proof.isProven, reason === null, what)
    t.match(proof.reason, reason ?? /^$/, what)
  }
  t.end()
})

const given = { cluster: 'sno1', image: 'quay.io/ibu/sno1:4.18.5' }
const crd = z
  .looseObject({
    spec: z.looseObject({
      versions: z.array(
        z.looseObject({
          name: z.string(),
          schema: z.looseObject({ openAPIV3Schema: z.record(z.string(), z.unknown()) }),
        }),
      ),
    }),
  })
  .parse(
    parse(
      readFileSync(
        new URL('../fixtures/seedgen/lca.openshift.io_seedgenerators.yaml', import.meta.url),
        'utf8',
      ),
    ),
  )

t.test('writes a SeedGenerator that the API takes', t => {
  const [version] = crd.spec.versions
  t.equal(version!.name, 'v1')
  const schema = z.fromJSONSchema(version!.schema.openAPIV3Schema)
  const known = z.object({
    properties: z.object({ spec: z.object({ properties: z.looseObject({}) }) }),
  })
  const fields = Object.keys(
    known.parse(version!.schema.openAPIV3Schema).properties.spec.properties,
  )
  for (const recertImage of [undefined, 'quay.io/recert:v1']) {
    const object: unknown = parse(seedGeneratorManifest({ ...given, recertImage }))
    t.ok(schema.safeParse(object).success)
    t.match(object, { apiVersion: 'lca.openshift.io/v1', metadata: { name: 'seedimage' } })
    t.ok(Object.keys((object as { spec: object }).spec).every(field => fields.includes(field)))
  }
  t.notOk(schema.safeParse({ spec: { seedImage: 5 } }).success, 'the schema does refuse')
  t.end()
})

t.test('writes manifests that read back, byte-stable', t => {
  t.matchSnapshot(
    seedGeneratorManifest({ ...given, recertImage: 'quay.io/recert:v1' }),
    'SeedGenerator',
  )
  t.matchSnapshot(seedKustomization(), 'kustomization')
  for (const cluster of ['sno1', 'no', 'on', '123', '1e3', 'null'])
    for (const recertImage of [undefined, 'quay.io/recert:v1']) {
      const text = seedGeneratorManifest({ ...given, cluster, recertImage })
      t.equal(compareSeedGenerator(text, { ...given, cluster, recertImage }), null, cluster)
      const asGoReadsIt = parse(text, { version: '1.1' }) as { metadata: unknown }
      t.match(asGoReadsIt.metadata, { annotations: { 'sower.dev/cluster': cluster } }, cluster)
    }
  t.throws(() => seedGeneratorManifest({ ...given, image: 'quay.io/x' }), {
    code: 'IMAGE_INVALID',
  })
  t.end()
})

t.test('refuses a committed SeedGenerator that is not this one', t => {
  const text = seedGeneratorManifest(given)
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['nothing', '', /SeedGenerator of sno1: : Invalid input/],
    ['no YAML', 'a: "', /it is not one correct YAML document/],
    ['an unknown alias', `${text}x: *nowhere\n`, /it is not one correct YAML document/],
    ['two documents', `${text}---\n${text}`, /it is not one correct YAML document/],
    ['another kind', text.replace('kind: SeedGenerator', 'kind: Pod'), /kind: /],
    ['another version', text.replace('/v1\n', '/v2\n'), /apiVersion: /],
    ['another name', text.replace('name: seedimage', 'name: other'), /metadata\.name: /],
    ['another field in the spec', `${text}  additional: true\n`, /spec: .*additional/],
    ['no image', text.replace(/ {2}seedImage.*\n/, '  recertImage: a\n'), /spec\.seedImage: /],
    [
      'another cluster',
      text.replace('cluster: sno1', 'cluster: sno2'),
      /annotation sower\.dev\/cluster is not sno1/,
    ],
    [
      'no annotation',
      text.replace(/ {2}annotations:\n.*\n/, ''),
      /annotation sower\.dev\/cluster is not/,
    ],
  ]
  for (const [what, content, message] of cases)
    t.throws(
      () => compareSeedGenerator(content, given),
      {
        name: 'RefusedError',
        code: 'SEED_GENERATOR_INVALID',
        message,
        fix: 'let Sower write seeds/sno1/seedgenerator.yaml',
      },
      what,
    )
  const digest = text.replace(':4.18.5', '@sha256:0')
  t.throws(() => compareSeedGenerator(digest, given), {
    name: 'RefusedError',
    code: 'IMAGE_INVALID',
  })
  t.end()
})

t.test('names each field in which a committed SeedGenerator is not what Sower writes', t => {
  const text = seedGeneratorManifest(given)
  const cases = [
    [text.replace(':4.18.5', ':4.18.6'), 'spec.seedImage'],
    [`${text}  recertImage: quay.io/evil:1\n`, 'spec.recertImage'],
    [`${text}status: {}\n`, 'status'],
    [
      text.replace('annotations:', 'annotations:\n    "a\\u202e": x'),
      'metadata.annotations.a\\u{202e}',
    ],
    [
      text.replace('  name:', '  namespace: x\n  ownerReferences: []\n  name:'),
      'metadata.namespace, metadata.ownerReferences',
    ],
  ] as const
  for (const [content, fields] of cases) t.equal(compareSeedGenerator(content, given), fields)
  const wanted = { ...given, recertImage: 'quay.io/recert:1' }
  t.equal(compareSeedGenerator(text, wanted), 'spec.recertImage')
  t.equal(compareSeedGenerator(`# by hand\n${text}`, given), null, 'comments are no fields')
  t.end()
})
