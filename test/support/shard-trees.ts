import fc from 'fast-check'

/** The files of a repository whose root is `r`, by path. */
export type ShardTree = Readonly<Record<string, string>>

type Kind = Readonly<{ apiVersion: string; kind: string; body: string; isRare?: boolean }>

/** Kinds of a fleet, and others whose place in the order or whose references matter. */
const kinds: readonly Kind[] = [
  {
    apiVersion: 'siteconfig.open-cluster-management.io/v1alpha1',
    kind: 'ClusterInstance',
    body: 'spec:\n  clusterName: NAME\n  extra: "{\\"a\\": [1, 0x1F, 010]}"\n  list:\n    - b\n    - a: 1e3\n',
  },
  { apiVersion: 'v1', kind: 'Namespace', body: '' },
  { apiVersion: 'v1', kind: 'Secret', body: 'stringData: {a: "b\\tc", yes: "no"}\n' },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    body: 'data:\n  script: |\n    #!/bin/sh\n    echo ---\n\n',
  },
  { apiVersion: 'metal3.io/v1alpha1', kind: 'BareMetalHost', body: 'spec: {online: true}\n' },
  { apiVersion: 'v1', kind: 'Service', body: 'spec: {selector: {app: x}}\n' },
  {
    apiVersion: 'policy.open-cluster-management.io/v1',
    kind: 'Policy',
    body: 'spec: {disabled: false}\n',
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    body: 'webhooks: [{name: a.b.c, clientConfig: {service: {name: s1, namespace: n1}}}]\n',
    isRare: true,
  },
  { apiVersion: 'v1', kind: 'ServiceAccount', body: '', isRare: true },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    body: 'roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: s1}\nsubjects: [{kind: ServiceAccount, name: s2}]\n',
    isRare: true,
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    body: 'spec: {template: {spec: {volumes: [{name: v, configMap: {name: s3}}], containers: [{name: c, image: nginx}]}}}\n',
    isRare: true,
  },
  { apiVersion: 'apps/v1beta_1', kind: 'Odd', body: '', isRare: true },
]

const often = kinds.filter(({ isRare }) => isRare !== true)
const rarely = <T>(one: fc.Arbitrary<T>, usual: T, weight = 24): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: fc.constant(usual), weight }, { arbitrary: one, weight: 1 })

/** Names repeat seldom by chance; `serial` keeps most of them apart. */
const document = (serial: string): fc.Arbitrary<string> =>
  fc
    .record({
      kind: fc.oneof(
        { arbitrary: fc.constantFrom(...often), weight: 40 },
        { arbitrary: fc.constantFrom(...kinds), weight: 1 },
      ),
      name: fc.oneof(
        { arbitrary: fc.constant(`o${serial}`), weight: 60 },
        {
          arbitrary: fc.constantFrom(
            's1',
            's2',
            's3',
            `o.${serial}`,
            `"0${serial}"`,
            `o_${serial}`,
          ),
          weight: 3,
        },
      ),
      namespace: fc.constantFrom(null, `n${serial}`, 'n1', 'default', 'a-b', 'a'),
      annotation: rarely(
        fc.constantFrom(
          'config.kubernetes.io/local-config: "true"',
          '"config.kubernetes.\\x69o/local-config": "true"',
          'internal.config.kubernetes.io/needsHashSuffix: enabled',
          'note: "two\\\n      lines"',
          'note: "\\u00e9"',
        ),
        null,
        80,
      ),
      style: fc.constantFrom('block', 'block', 'flow', 'quoted'),
    })
    .map(({ kind, name, namespace, annotation, style }) => {
      const fields = [
        `name: ${name}`,
        ...(namespace === null ? [] : [`namespace: ${namespace}`]),
        ...(annotation === null ? [] : [`annotations:\n    ${annotation}`]),
      ]
      const metadata =
        style === 'flow' && annotation === null
          ? `metadata: {${fields.join(', ')}}\n`
          : `metadata:\n${fields.map(field => `  ${field}\n`).join('')}`
      const of = style === 'quoted' ? `"kind": '${kind.kind}'` : `kind: ${kind.kind}`
      return `${of}\napiVersion: ${kind.apiVersion}\n${metadata}${kind.body.replaceAll('NAME', name.replaceAll('"', ''))}`
    })

const asList = (text: string): string =>
  `apiVersion: v1\nkind: List\nitems:\n- ${text.replaceAll('\n', '\n  ').trimEnd()}\n`

/** A file of one to three documents, with the ends and beginnings that people leave. */
const file = (serial: string): fc.Arbitrary<string> =>
  fc
    .record({
      documents: fc.tuple(document(`${serial}a`), document(`${serial}b`), document(`${serial}c`)),
      count: fc.constantFrom(1, 1, 1, 2, 3),
      before: fc.constantFrom('', '', '', '---\n', '# first\n', '\n\n', '# a\n---\n'),
      after: fc.constantFrom('', '', '', '', '\n', '---\n', '\n---', '# end', '\n...\n', '\n  \n'),
      cut: fc.constantFrom(0, 0, 0, 0, 1),
      shape: rarely(
        fc.constantFrom('list', 'crlf', 'bom', 'empty', 'comment', 'broken'),
        'plain',
        12,
      ),
    })
    .map(({ documents, count, before, after, cut, shape }) => {
      const body = documents.slice(0, count).join('---\n')
      const text =
        before +
        (shape === 'list' ? asList(documents[0]) : body.slice(0, body.length - cut)) +
        after
      if (shape === 'crlf') return text.replaceAll('\n', '\r\n')
      if (shape === 'bom') return `\uFEFF${text}`
      if (shape === 'empty') return ''
      if (shape === 'comment') return '# nothing here\n'
      return shape === 'broken' && count === 3 ? `${text}\n  a: b: c\n` : text
    })

/** What else may stand in the kustomization of a directory. */
const extras: readonly string[] = [
  'namespace: moved\n',
  'namePrefix: p-\n',
  'nameSuffix: -s\n',
  'commonLabels: {a: b}\n',
  'labels: [{pairs: {c: d}}]\n',
  'commonAnnotations: {e: f}\n',
  'patches:\n- target: {kind: ConfigMap}\n  patch: "[{op: add, path: /data/k, value: v}]"\n',
  'configMapGenerator: [{name: made, literals: [a=b]}]\n',
  'secretGenerator: [{name: made, literals: [a=b], type: Opaque}]\ngeneratorOptions: {disableNameSuffixHash: true}\n',
  'images: [{name: nginx, newTag: "2"}]\n',
]
const farReaching: readonly string[] = [
  'vars: [{name: V, objref: {apiVersion: v1, kind: ConfigMap, name: s3}}]\n',
  'buildMetadata: [originAnnotations]\n',
  'sortOptions: {order: fifo}\n',
  'bases: []\n',
  'metadata: {name: x}\n',
  'unknown: 1\n',
]

type Directory = Readonly<{ files: readonly string[]; extra: string; style: string; entry: string }>

const directory = (serial: string): fc.Arbitrary<Directory> =>
  fc.integer({ min: 1, max: 4 }).chain(count =>
    fc.record({
      files: fc.tuple(...Array.from({ length: count }, (_, index) => file(`${serial}${index}`))),
      extra: fc.oneof(
        { arbitrary: fc.constant(''), weight: 12 },
        { arbitrary: fc.constantFrom(...extras), weight: 6 },
        { arbitrary: fc.constantFrom(...farReaching), weight: 0 },
      ),
      style: fc.constantFrom('block', 'flow', 'dotted'),
      entry: fc.constantFrom('', '', './', '/'),
    }),
  )

/** A tree: files beside the root's kustomization, directories with files, and one more level. */
export const shardTrees: fc.Arbitrary<ShardTree> = fc
  .integer({ min: 2, max: 7 })
  .chain(count =>
    fc.record({
      directories: fc.tuple(...Array.from({ length: count }, (_, index) => directory(`${index}x`))),
      root: directory('r'),
      rootExtra: rarely(fc.constantFrom(...farReaching, ...extras), '', 16),
      far: rarely(fc.constantFrom(...farReaching), '', 16),
      fault: rarely(
        fc.constantFrom('missing', 'twice', 'null', 'outside', 'shared', 'again'),
        'none',
        12,
      ),
      depth: fc.constantFrom(1, 2),
    }),
  )
  .map(({ directories, root, rootExtra, far, fault, depth }) => {
    const files: Record<string, string> = { 'shared/kustomization.yaml': 'resources: [s.yaml]\n' }
    files['shared/s.yaml'] = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shared}\n'
    const write = (
      path: string,
      { files: texts, extra, style }: Directory,
      more: readonly string[],
    ): void => {
      texts.forEach((text, index) => {
        files[`${path}/f${index}.yaml`] = text
      })
      const own = texts.map((_, index) => `${style === 'dotted' ? './' : ''}f${index}.yaml`)
      const entries = [...own, ...more]
      const list =
        style === 'flow'
          ? `resources: [${entries.join(', ')}]\n`
          : `resources:\n${entries.map(entry => `- ${entry}\n`).join('')}`
      const head =
        style === 'block'
          ? 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n'
          : ''
      files[`${path}/kustomization.yaml`] = `${head}${list}${extra}`
    }
    const names = directories.map((_, index) => `d${index}`)
    directories.forEach((one, index) => {
      const inner = depth === 2 && index === 0 ? names.slice(1).map(name => `${name}/`) : []
      const faulty = index === 1 && fault === 'shared' ? ['../../shared'] : []
      const place = depth === 2 && index > 0 ? `r/d0/d${index}` : `r/d${index}`
      const withFar = index === directories.length - 1 ? { ...one, extra: one.extra + far } : one
      write(place, withFar, [...inner, ...(depth === 1 ? faulty : [])])
    })
    const listed =
      depth === 2
        ? ['d0']
        : names.map((name, index) => `${name}${directories[index]?.entry === '/' ? '/' : ''}`)
    const wrong: Readonly<Record<string, readonly string[]>> = {
      missing: ['gone.yaml'],
      twice: ['f0.yaml'],
      outside: ['../shared/s.yaml'],
      shared: ['../shared'],
      again: ['./d0'],
    }
    write('r', { ...root, extra: rootExtra }, [...listed, ...(wrong[fault] ?? [])])
    if (fault === 'null') files['r/d0/kustomization.yaml'] = 'resources:\n'
    return files
  })
