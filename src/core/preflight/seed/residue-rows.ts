import { listAt, textAt, field } from '../field.ts'
import { answer, unanswered } from '../judge.ts'
import { named } from '../named.ts'
import type { ReadObject } from '../query.ts'
import { customRow, notAnswered, row, type Row } from '../row.ts'
import { seedQueries } from './seed-queries.ts'

const q = seedQueries
const forImages = [
  q.ptpConfigs,
  q.sriovNetworks,
  q.sriovPolicies,
  q.logForwarders,
  q.oldLogForwarders,
]
const operatorCrds = [q.sealedSecretCrd, q.externalSecretCrd, q.applicationCrd]

/** The pull secret that the Lifecycle Agent leaves when it could not put the real one back (consts.go:149). */
const isDummy = (secret: ReadObject): boolean => {
  const encoded = secret.data?.['.dockerconfigjson'] ?? ''
  let parsed: unknown
  try {
    parsed = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'))
  } catch {
    return true
  }
  const found = field(parsed, 'auths')
  const auths: readonly unknown[] =
    typeof found === 'object' && found !== null ? Object.values(found) : []
  return (
    auths.length === 0 ||
    auths.every(
      entry =>
        textAt(entry, 'username') === 'empty' ||
        Buffer.from(textAt(entry, 'auth'), 'base64').toString('utf8').startsWith('empty:'),
    )
  )
}

const access = { id: 'seed.access', level: 'block' } as const
const serverName = { id: 'seed.server-name', level: 'block' } as const

/** The way to the seed, and what must not be on it. */
export const residueRows: readonly Row[] = [
  customRow({
    ...access,
    passes:
      "the seed's admin kubeconfig carries a client certificate, its API answers, and its user may create a SeedGenerator; nothing is saved for this",
    reads: [],
    source: ['H11', 'H12'],
    check: (_answers, { access: tried }) => {
      if (tried.seen === 'unknown') return unanswered(access.id, access.level, tried.why)
      const isProven = tried.seen === 'present' && tried.value.proven
      return answer(access.id, access.level, {
        ok: isProven,
        reason: isProven
          ? 'it works'
          : tried.seen === 'absent'
            ? 'no admin kubeconfig of the seed was found'
            : (tried.value.reason ?? 'it does not work'),
        fix: 'make the seed reachable with the admin kubeconfig that the installer wrote',
      })
    },
  }),
  customRow({
    ...serverName,
    passes:
      "the certificate of the API server verifies with the kubeconfig's certificate authority",
    reads: [q.apiServer],
    source: ['server-name', 'telco-reference optional cert-manager CRs'],
    check: answers => {
      const read = answers(q.apiServer)
      if (read.seen === 'unknown' && read.why !== 'untrusted')
        return notAnswered(serverName, q.apiServer, read)
      const isTrusted = read.seen !== 'unknown'
      return answer(serverName.id, serverName.level, {
        ok: isTrusted,
        reason: isTrusted
          ? 'it verifies'
          : 'the certificate of the API server does not verify with the kubeconfig',
        fix: 'add the certificate authority that issued it to certificate-authority-data of the kubeconfig',
      })
    },
  }),
  row({
    id: 'seed.pull-secret',
    level: 'block',
    passes:
      'openshift-config/pull-secret is a real one, not the dummy of a generation that broke off',
    reads: [q.pullSecret],
    source: ['pull-secret', 'S23', 'lifecycle-agent consts.go:149'],
    fix: 'put the pull secret back: `oc set data secret/pull-secret -n openshift-config --from-file=.dockerconfigjson=FILE`',
    test: found => {
      const [secret] = found(q.pullSecret)
      const isReal = secret !== undefined && !isDummy(secret)
      return {
        ok: isReal,
        reason: isReal
          ? 'a real one'
          : secret
            ? 'it is the dummy that the Lifecycle Agent leaves, or holds no credential'
            : 'it is not there',
      }
    },
  }),
  row({
    id: 'seed.not-a-hub',
    level: 'block',
    passes: 'neither ACM nor the multicluster engine is installed on the seed',
    reads: [q.multiClusterHubCrd, q.multiClusterEngineCrd],
    source: ['not-a-hub', 'S11', 'lifecycle-agent seedgen_controller.go:298-412'],
    fix: 'take another cluster: the Lifecycle Agent deletes every CRD of open-cluster-management.io, and with them what this hub manages',
    test: found => {
      const crds = [...found(q.multiClusterHubCrd), ...found(q.multiClusterEngineCrd)]
      return {
        ok: crds.length === 0,
        reason: crds.length ? `there is ${named(crds)}` : 'it is none',
      }
    },
  }),
  row({
    id: 'seed.addon-namespaces',
    level: 'warn',
    runs: 'detach',
    passes:
      'no namespace `open-cluster-management-addon-*` is on the seed; after the detach it must be gone',
    reads: [q.namespaces],
    source: ['addons', 'S10', 'lifecycle-agent seedgen_controller.go:611-616'],
    fix: 'disable the add-on on the hub: the Lifecycle Agent rejects a seed with its namespace',
    test: found => {
      const there = found(q.namespaces).filter(({ metadata }) =>
        metadata.name.startsWith('open-cluster-management-addon-'),
      )
      return { ok: there.length === 0, reason: there.length ? `there is ${named(there)}` : 'none' }
    },
  }),
  row({
    id: 'seed.residue',
    level: 'warn',
    passes:
      'no cert-manager Certificate, no namedCertificates of the API server, no operator of SealedSecrets, ExternalSecrets or Argo CD, and no Secret with registry credentials outside openshift-config',
    reads: [q.certificates, q.apiServer, q.secrets, ...operatorCrds],
    source: ['residue', 'S27', 'sealed-secrets README'],
    fix: 'take it off the seed unless every target has it: it becomes part of the image, and its keys are made again',
    test: found => {
      const [apiServer] = found(q.apiServer)
      const credentials = found(q.secrets).filter(
        secret =>
          textAt(secret, 'type') === 'kubernetes.io/dockerconfigjson' &&
          secret.metadata.namespace !== 'openshift-config',
      )
      const crds = operatorCrds.flatMap(found)
      const parts = [
        found(q.certificates).length ? `Certificates ${named(found(q.certificates))}` : '',
        listAt(apiServer, 'spec', 'servingCerts', 'namedCertificates').length
          ? 'namedCertificates of the API server'
          : '',
        crds.length ? named(crds) : '',
        credentials.length ? `credentials in ${named(credentials)}` : '',
      ].filter(part => part !== '')
      return { ok: parts.length === 0, reason: parts.length ? parts.join('; ') : 'none' }
    },
  }),
  row({
    id: 'seed.site-specific',
    level: 'warn',
    passes:
      'no PtpConfig, SriovNetwork, SriovNetworkNodePolicy or ClusterLogForwarder is on the seed',
    reads: forImages,
    source: ['S28', 'openshift-docs cnf-image-based-upgrade-seed-image-config.adoc'],
    fix: 'leave it only if it is the same on every target; else it belongs in their extra manifests',
    test: found => {
      const there = forImages.flatMap(found)
      return {
        ok: there.length === 0,
        reason: there.length
          ? there.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(', ')
          : 'none',
      }
    },
  }),
]
