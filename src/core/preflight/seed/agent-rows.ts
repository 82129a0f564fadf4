import { absent } from '../../seen.ts'
import { readImageReference } from '../../seedgen/image-reference.ts'
import { conditionStatus, textAt } from '../field.ts'
import type { Answer, ReadObject } from '../query.ts'
import { row, type Row } from '../row.ts'
import { recreatorsOf } from '../../seedgen/recreators-of.ts'
import { isAtLeast, minorOf, version, type Version } from '../version.ts'
import { checkNoSeedGenerator } from './check-no-seed-generator.ts'
import { newestUpdate } from './health-rows.ts'
import { recreatorFix, recreatorQueries, writersIn } from './recreator-queries.ts'
import { isLifecycleAgent, isOadp, seedQueries } from './seed-queries.ts'

const { clusterVersion, csvs, imageBasedUpgrade, ipConfigs, lifecycleAgent, seedGenerator } =
  seedQueries

/** `ostree admin set-default` came with it: the Lifecycle Agent rejects older ones. */
const oldestOpenShift: Version = [4, 14, 13]
const oldestOadp: Version = [1, 3, 1]
/** The releases whose seed generation was read for this: 4.16 to 4.22, and 5.0. */
const knownAgents = /^(?:4\.(?:1[6-9]|2[0-2])|5\.0)$/

/** The version of an operator: as its ClusterServiceVersion says, else as it is called. */
const versionOf = (csv: ReadObject): Version | undefined =>
  version(textAt(csv, 'spec', 'version')) ?? version(csv.metadata.name)

const noneAsAbsent = (read: Answer): Answer =>
  read.seen === 'present' && read.value.length === 0 ? absent : read

/** Why the tag of an image does not fit the version that the template puts into it; null where it does. */
const tagProblem = (
  image: string | null,
  template: string | null,
  found: string,
): string | null => {
  if (image === null || !template?.includes('{version}')) return null
  const reference = readImageReference(image)
  const wanted = template.replaceAll('{version}', found).replace(/^.*:/, '')
  if (typeof reference === 'string' || wanted.includes('{')) return null
  const { tag } = reference
  return tag === wanted || tag.startsWith(`${wanted}-`) ? null : `the tag ${tag} is not ${wanted}`
}

/** OpenShift, the Lifecycle Agent and OADP: there, known, idle, and with nothing that they reject. */
export const agentRows: readonly Row[] = [
  row({
    id: 'seed.version',
    level: 'block',
    passes:
      'OpenShift is 4.14.13 or newer, no update is under way, and the tag of the image is the version where the template in `sower.yaml` has `{version}`',
    reads: [clusterVersion],
    source: ['version', 'S3', 'lifecycle-agent seedgen_controller.go:589-686'],
    fix: 'let the update come to its end, and ask for an image whose tag names the version that the seed runs',
    test: (found, { image, imageTemplate, cluster }) => {
      const [object] = found(clusterVersion)
      const newest = newestUpdate(object)
      const runs = version(newest.version)
      const template = imageTemplate?.replaceAll('{cluster}', cluster) ?? null
      const problem =
        runs === undefined
          ? 'ClusterVersion names no version'
          : newest.state !== 'Completed' || conditionStatus(object, 'Progressing') === 'True'
            ? `an update to ${newest.version} is under way`
            : isAtLeast(runs, oldestOpenShift)
              ? tagProblem(image, template, newest.version)
              : `OpenShift ${newest.version} is older than 4.14.13`
      return { ok: problem === null, reason: problem ?? `OpenShift ${newest.version}` }
    },
  }),
  row({
    id: 'seed.lifecycle-agent',
    level: 'block',
    passes:
      'the ClusterServiceVersion of the Lifecycle Agent is `Succeeded`, 4.16 or newer, and its Deployment in the same namespace is Available',
    reads: [csvs, lifecycleAgent],
    source: ['lca', 'S12'],
    fix: 'install the Lifecycle Agent on the seed, and wait until it runs',
    test: found => {
      const csv = found(csvs).find(isLifecycleAgent)
      if (csv === undefined) return { ok: false, reason: 'the Lifecycle Agent is not installed' }
      const { namespace = '' } = csv.metadata
      const release = versionOf(csv)
      const phase = textAt(csv, 'status', 'phase')
      const isAvailable = found(lifecycleAgent).some(
        deployment => conditionStatus(deployment, 'Available') === 'True',
      )
      const problem =
        phase !== 'Succeeded'
          ? `${namespace}/${csv.metadata.name} is ${phase || 'not there yet'}`
          : release !== undefined && !isAtLeast(release, [4, 16, 0])
            ? `${csv.metadata.name} is older than 4.16`
            : isAvailable
              ? null
              : `the Deployment of the Lifecycle Agent in ${namespace} is not Available`
      return { ok: problem === null, reason: problem ?? `${csv.metadata.name} in ${namespace}` }
    },
  }),
  row({
    id: 'seed.lifecycle-agent-known',
    level: 'warn',
    passes: 'the Lifecycle Agent is 4.22 or 5.0',
    reads: [csvs],
    source: ['lca', 'S12', 'lifecycle-agent 1c1713e9b', 'OCPBUGS-49692'],
    fix: 'update the Lifecycle Agent to 4.22 or newer where you can; else expect the API of the seed to be away for up to an hour',
    test: found => {
      const csv = found(csvs).find(isLifecycleAgent)
      const release = csv && versionOf(csv)
      if (release === undefined) return { ok: false, reason: 'its version is not known' }
      const minor = minorOf(release)
      if (!knownAgents.test(minor))
        return {
          ok: false,
          reason: `Sower does not know the Lifecycle Agent ${minor}: it knows 4.16 to 4.22 and 5.0`,
          fix: 'check whether its release notes change the generation of seed images before you merge',
        }
      const isSlow = !isAtLeast(release, [4, 22, 0])
      return {
        ok: !isSlow,
        reason: isSlow
          ? `Lifecycle Agent ${minor}: CRI-O may take 48 minutes to restart after the image was made`
          : `Lifecycle Agent ${minor}`,
      }
    },
  }),
  row({
    id: 'seed.idle',
    level: 'block',
    passes:
      'no image-based upgrade and no change of addresses is under way: each is Idle, or not there',
    reads: [imageBasedUpgrade, ipConfigs],
    source: ['idle', 'S14', 'lifecycle-agent seedgen_controller.go:963-966'],
    fix: 'finalize or abort it: it shares a lock with the seed generation (`oc get ibu upgrade`)',
    test: found => {
      const busy = [...found(imageBasedUpgrade), ...found(ipConfigs)].filter(
        object => conditionStatus(object, 'Idle') !== 'True',
      )
      return {
        ok: busy.length === 0,
        reason: busy.length
          ? `not Idle: ${busy.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(', ')}`
          : 'idle',
      }
    },
  }),
  {
    id: 'seed.no-seed-generator',
    level: 'block',
    passes: 'the Lifecycle Agent is there and has no SeedGenerator',
    reads: [seedGenerator],
    source: ['S13', 'lifecycle-agent api/seedgenerator/v1/types.go:30-38'],
    check: answers => checkNoSeedGenerator(noneAsAbsent(answers(seedGenerator))),
  },
  row({
    id: 'seed.nothing-recreates',
    level: 'block',
    passes:
      'nothing on the seed re-creates `seedgen` or the SeedGenerator: no SealedSecret, ExternalSecret or ClusterExternalSecret makes that Secret, and no Application of an Argo CD on the seed that syncs by itself holds either',
    reads: recreatorQueries,
    source: ['S26', 'sealed-secrets pkg/controller/controller.go:201-237'],
    fix: recreatorFix,
    test: found => {
      const made = recreatorsOf(writersIn(found))
      return { ok: made.length === 0, reason: made.length ? `there is ${made.join(', ')}` : 'none' }
    },
  }),
  row({
    id: 'seed.oadp',
    level: 'block',
    passes:
      'OADP 1.3.1 or newer is in openshift-adp; where the image is for installations (`imageFor: install`), its absence is only a warning',
    reads: [csvs],
    source: ['oadp', 'S15', 'lifecycle-agent backuprestore/common.go:74'],
    fix: 'install OADP 1.3.1 or newer in openshift-adp: targets need it for an image-based upgrade, and the seed brings it',
    test: (found, { imageFor }) => {
      const csv = found(csvs).find(isOadp)
      if (csv === undefined)
        return {
          ok: false,
          reason: 'OADP is not installed in openshift-adp',
          level: imageFor === 'install' ? 'warn' : 'block',
        }
      const release = versionOf(csv)
      const isNew = release !== undefined && isAtLeast(release, oldestOadp)
      return {
        ok: isNew,
        reason: isNew ? csv.metadata.name : `${csv.metadata.name} is older than 1.3.1`,
      }
    },
  }),
]
