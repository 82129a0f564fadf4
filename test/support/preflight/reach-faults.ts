import { add, change, registry, type Fault, type Learn } from './fault.ts'

const host = 'registry.example.com'
const pem = (body: string): string =>
  `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`
/** An authority that Sower was given, as a file has it. */
export const authority = `# ours\n${pem('AAAA\nBBBB')}${pem('CCCC')}`
const image = (spec: object) => add('seed', 'Image', { name: 'cluster', spec })
const proxy = (status: object) => add('seed', 'Proxy', { name: 'cluster', status })
const bundle = (name: string, data: Record<string, string>) =>
  add('seed', 'ConfigMap', { name, namespace: 'openshift-config', more: { data } })
const trusts: Learn = registry({ authority })
const mirrors = (kind: string, list: string, source: string) =>
  add('seed', kind, { spec: { [list]: [{ source, mirrors: ['mirror.example.com/x'] }] } })
const withRecert =
  (recertImage: string): Learn =>
  known => ({ ...known, recertImage })
const id = 'seed.registry-trusted'

/** What can keep the node of the seed from the registry, and what does not. */
export const reachFaults: readonly Fault[] = [
  {
    ...{ id: 'seed.registry-allowed', level: 'warn', reason: /^the seed blocks \*\.example\.com$/ },
    objects: image({ registrySources: { blockedRegistries: ['other.io', '*.example.com'] } }),
  },
  {
    ...{ id: 'seed.registry-allowed', level: 'warn', reason: /^the seed allows quay\.io only$/ },
    objects: image({ registrySources: { allowedRegistries: ['quay.io'] } }),
  },
  {
    ...{ id, level: 'warn', reason: /neither by the key registry\.example\.com of/, facts: trusts },
  },
  {
    ...{ id, level: 'warn', reason: /none of its certificates/, facts: trusts },
    objects: healthy =>
      bundle('others', { [host]: pem('DDDD') })(
        image({ additionalTrustedCA: { name: 'others' } })(healthy),
      ),
  },
  {
    ...{
      id: 'seed.registry-way',
      level: 'warn',
      reason: /without a proxy, and the seed by p:3128$/,
    },
    objects: proxy({ httpsProxy: 'http://user:word@p:3128/', noProxy: 'ample.com,.svc' }),
  },
  {
    ...{
      id: 'seed.registry-way',
      level: 'warn',
      reason: /by p:3128, and the seed without a proxy$/,
    },
    ...{ facts: registry({ proxy: 'p:3128' }), objects: proxy({ httpsProxy: '' }) },
  },
  {
    ...{
      id: 'seed.recert-mirrored',
      level: 'warn',
      reason: /none for quay.io.*recert:v0 by its tag$/,
    },
    objects: mirrors('ImageDigestMirrorSet', 'imageDigestMirrors', 'quay.io'),
  },
  {
    ...{
      id: 'seed.recert-mirrored',
      level: 'warn',
      reason: /none for r.io\/recert@sha256:1 by its dig/,
    },
    facts: withRecert('r.io/recert@sha256:1'),
    objects: mirrors('ImageTagMirrorSet', 'imageTagMirrors', 'r.io'),
  },
]

/** Worlds in which the node reaches the registry all the same. */
export const reachable: readonly Omit<Fault, 'id' | 'reason'>[] = [
  { objects: image({ registrySources: { allowedRegistries: ['quay.io', host] } }) },
  { objects: image({ registrySources: { blockedRegistries: ['example.com'] } }) },
  { facts: trusts, objects: image({ registrySources: { insecureRegistries: [host] } }) },
  {
    facts: trusts,
    objects: healthy =>
      bundle('ours', { [host]: pem('CCCC') })(
        image({ additionalTrustedCA: { name: 'ours' } })(healthy),
      ),
  },
  {
    facts: trusts,
    objects: healthy =>
      bundle('user-ca-bundle', { 'ca-bundle.crt': `${pem('DDDD')}${pem('AAAABBBB')}` })(
        add('seed', 'Proxy', { name: 'cluster', spec: { trustedCA: { name: 'user-ca-bundle' } } })(
          healthy,
        ),
      ),
  },
  { objects: proxy({ httpsProxy: 'http://p:3128', noProxy: '.svc,.example.com' }) },
  { facts: registry({ proxy: 'p:3128' }), objects: proxy({ httpsProxy: 'http://p:3128' }) },
  { objects: mirrors('ImageTagMirrorSet', 'imageTagMirrors', 'quay.io/edge-infrastructure') },
  {
    objects: healthy =>
      mirrors(
        'ImageContentSourcePolicy',
        'repositoryDigestMirrors',
        'r.io/recert',
      )(
        change('Deployment', {
          spec: {
            template: {
              spec: {
                containers: [
                  { env: [{ name: 'RELATED_IMAGE_RECERT_IMAGE', value: 'r.io/recert@sha256:1' }] },
                ],
              },
            },
          },
        })(healthy),
      ),
  },
  {
    facts: known => ({ ...trusts(known), image: `${host}:8443/ibu/sno1:4.18.5` }),
    objects: healthy =>
      bundle('ours', { [`${host}..8443`]: authority })(
        image({ additionalTrustedCA: { name: 'ours' } })(healthy),
      ),
  },
  { facts: known => ({ ...known, image: null }) },
]
