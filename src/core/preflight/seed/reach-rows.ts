import { readImageReference } from '../../seedgen/image-reference.ts'
import { compareQueries } from '../../compare/compare-queries.ts'
import { field, listAt, textAt } from '../field.ts'
import type { Facts } from '../facts.ts'
import { queryOn, type Query, type ReadObject } from '../query.ts'
import { row, type Row } from '../row.ts'
import { seedQueries } from './seed-queries.ts'

const on = queryOn('seed')
const optional = true as const
const { proxy, digestMirrors, contentSources } = compareQueries
const { lifecycleAgent } = seedQueries
const imageConfig = on('config.openshift.io/v1', 'images', 'Image', { name: 'cluster', optional })
const configMaps = on('v1', 'configmaps', 'ConfigMap', { namespace: 'openshift-config' })
const tagMirrors = on('config.openshift.io/v1', 'imagetagmirrorsets', 'ImageTagMirrorSet', {
  optional,
})

type Found = (query: Query) => readonly ReadObject[]

/** Host with port of the image; null where there is none, which another check says. */
const hostOf = ({ image }: Facts): string | null => {
  const read = image === null ? null : readImageReference(image)
  return read === null || typeof read === 'string' ? null : read.registry
}
const noImage = { ok: true, reason: 'no image is named' }

const sources = (found: Found, list: string): readonly string[] =>
  listAt(found(imageConfig)[0], 'spec', 'registrySources', list).map(String)

/** An entry is a host, a host with a path, or `*.` and a domain (containers-registries.conf(5)). */
const covers = (entry: string, name: string): boolean =>
  entry.startsWith('*.')
    ? name.replace(/[:/].*$/, '').endsWith(entry.slice(1))
    : name === entry || ['/', ':', '@'].some(end => name.startsWith(`${entry}${end}`))

/** The certificates of PEM texts, without their white space. */
const certificatesIn = (...texts: readonly string[]): readonly string[] =>
  texts.flatMap(text =>
    [...text.matchAll(/-----BEGIN CERTIFICATE-----[\w+/=\s]+-----END CERTIFICATE-----/g)].map(
      ([whole]) => whole.replace(/-----[A-Z ]+-----|\s+/g, ''),
    ),
  )

/** The proxy of the seed for a host, without its user; null for none. `noProxy` holds CIDRs too, which are not compared. */
const proxyOfSeed = (found: Found, registry: string): string | null => {
  const status = field(found(proxy)[0], 'status') ?? field(found(proxy)[0], 'spec')
  const name = registry.replace(/:\d+$/, '')
  const isDirect = textAt(status, 'noProxy')
    .split(',')
    .map(entry => entry.trim().replace(/^\*?\./, ''))
    .some(entry => entry !== '' && (name === entry || name.endsWith(`.${entry}`)))
  const given = textAt(status, 'httpsProxy')
  return given === '' || isDirect ? null : given.replace(/^\w+:\/\/(?:[^@/]*@)?|\/.*$/g, '')
}

/** The image that the node pulls before it makes the seed image (seedgen_controller.go:448-459). */
const recertOf = (found: Found, { recertImage }: Facts): string => {
  const containers = listAt(found(lifecycleAgent)[0], 'spec', 'template', 'spec', 'containers')
  const named = containers
    .flatMap(container => listAt(container, 'env'))
    .find(variable => textAt(variable, 'name') === 'RELATED_IMAGE_RECERT_IMAGE')
  return recertImage ?? (textAt(named, 'value') || 'quay.io/edge-infrastructure/recert:v0')
}

/** The registries and repositories that have a mirror for that way of naming an image. */
const mirrored = (found: Found, by: 'digest' | 'tag'): readonly string[] =>
  (by === 'tag'
    ? found(tagMirrors).flatMap(object => listAt(object, 'spec', 'imageTagMirrors'))
    : [
        ...found(digestMirrors).flatMap(object => listAt(object, 'spec', 'imageDigestMirrors')),
        ...found(contentSources).flatMap(object =>
          listAt(object, 'spec', 'repositoryDigestMirrors'),
        ),
      ]
  ).map(entry => textAt(entry, 'source'))

/** The node's own way to the registry, which it goes once the cluster is down, beside that of Sower. */
export const reachRows: readonly Row[] = [
  row({
    id: 'seed.registry-allowed',
    level: 'warn',
    passes:
      'the seed does not block the registry of the image (`registrySources` of Image/cluster)',
    reads: [imageConfig],
    source: ['containers-image docker/docker_client.go newDockerClient', 'inferred'],
    fix: 'take it out of blockedRegistries, or add it to allowedRegistries (`oc edit image.config.openshift.io/cluster`)',
    test: (found, facts) => {
      const { image } = facts
      if (image === null || hostOf(facts) === null) return noImage
      const blocked = sources(found, 'blockedRegistries').find(entry => covers(entry, image))
      if (blocked !== undefined) return { ok: false, reason: `the seed blocks ${blocked}` }
      const allowed = sources(found, 'allowedRegistries')
      return allowed.length === 0 || allowed.some(entry => covers(entry, image))
        ? { ok: true, reason: 'nothing keeps the seed from it' }
        : { ok: false, reason: `the seed allows ${allowed.join(', ')} only` }
    },
  }),
  row({
    id: 'seed.registry-trusted',
    level: 'warn',
    passes:
      'Sower needs no `--registry-ca` for the registry, or the seed has a certificate of it too (additionalTrustedCA of Image/cluster, trustedCA of Proxy/cluster)',
    reads: [imageConfig, proxy, configMaps],
    source: ['lifecycle-agent seedgen_controller.go launchImager', 'inferred'],
    fix: 'add the authority to the ConfigMap that additionalTrustedCA of Image/cluster names, by the key HOST..PORT',
    test: (found, facts) => {
      const registry = hostOf(facts)
      if (registry === null) return noImage
      const { authority = null } = facts.registry
      if (authority === null) return { ok: true, reason: 'Sower needs no authority of its own' }
      if (sources(found, 'insecureRegistries').some(entry => covers(entry, registry)))
        return { ok: true, reason: 'the seed does not look at its certificate' }
      const key = registry.replace(':', '..')
      const data = (name: string, at: string): string =>
        found(configMaps).find(({ metadata }) => metadata.name === name)?.data?.[at] ?? ''
      const additional = textAt(found(imageConfig)[0], 'spec', 'additionalTrustedCA', 'name')
      const trusted = textAt(found(proxy)[0], 'spec', 'trustedCA', 'name')
      const known = certificatesIn(data(additional, key), data(trusted, 'ca-bundle.crt'))
      return certificatesIn(authority).some(certificate => known.includes(certificate))
        ? { ok: true, reason: 'the seed trusts the same authority' }
        : {
            ok: false,
            reason: `Sower has an authority for registries of its own, and the seed has none of its certificates for ${registry}: neither by the key ${key} of additionalTrustedCA nor in trustedCA`,
          }
    },
  }),
  row({
    id: 'seed.registry-way',
    level: 'warn',
    passes: 'the seed reaches the registry as Sower does: by the same proxy, or without one',
    reads: [proxy],
    source: ['OCPBUGS-30818', 'inferred'],
    fix: 'try it from the node: `oc debug node/NODE -- chroot /host curl -sSI https://HOST/v2/`',
    test: (found, facts) => {
      const registry = hostOf(facts)
      if (registry === null) return noImage
      const [seed, sower] = [proxyOfSeed(found, registry), facts.registry.proxy ?? null]
      const by = (way: string | null): string => (way === null ? 'without a proxy' : `by ${way}`)
      return seed === sower
        ? { ok: true, reason: `both ask ${registry} ${by(seed)}` }
        : { ok: false, reason: `Sower asks ${registry} ${by(sower)}, and the seed ${by(seed)}` }
    },
  }),
  row({
    id: 'seed.recert-mirrored',
    level: 'warn',
    passes: 'the seed has no mirrors, or one for the recert image, which its node pulls',
    reads: [lifecycleAgent, digestMirrors, tagMirrors, contentSources],
    source: ['lifecycle-agent seedgen_controller.go:448-473', '250f021e4', 'inferred'],
    fix: 'mirror it and name it in `recertImage` of sower.yaml, or let the node reach its registry',
    test: (found, facts) => {
      const image = recertOf(found, facts)
      const [by, other] = image.includes('@')
        ? (['digest', 'tag'] as const)
        : (['tag', 'digest'] as const)
      const all = mirrored(found, by)
      if (all.length + mirrored(found, other).length === 0)
        return { ok: true, reason: `the seed has no mirrors; its node pulls ${image}` }
      const source = all.find(entry => covers(entry, image))
      return source === undefined
        ? { ok: false, reason: `the seed has mirrors, and none for ${image} by its ${by}` }
        : { ok: true, reason: `${image} is mirrored as ${source}` }
    },
  }),
]
