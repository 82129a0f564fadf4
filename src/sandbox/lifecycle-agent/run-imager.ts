import { randomBytes } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { findCredential } from './find-credential.ts'
import { digestOf, pushImage, type Content } from './push-image.ts'

/** The description in the image of the cluster that it was made from (lifecycle-agent seedclusterinfo.go:18-113). */
const clusterInfoOf = ({ name, version, recertImage }: Seed): object => ({
  seed_cluster_ocp_version: version,
  base_domain: 'example.com',
  cluster_name: name,
  node_ips: ['192.0.2.21'],
  release_registry: 'quay.io',
  mirror_registry_configured: false,
  sno_hostname: `${name}.example.com`,
  recert_image_pull_spec: recertImage,
  has_proxy: false,
  cluster_network_cidr: '10.128.0.0/14',
  service_network_cidr: '172.30.0.0/16',
  has_fips: false,
  additionalTrustBundle: { hasUserCaBundle: false, proxyConfigmapName: '' },
  container_storage_mountpoint_target: 'varlibcontainers',
  ingress_certificate_cn: 'ingress-operator@1700000000',
  machine_networks: ['192.0.2.0/24'],
})

type Seed = Readonly<{ name: string; version: string; recertImage: string }>

const parseReference = (
  image: string,
): Readonly<{ registry: string; repository: string; tag: string }> => {
  const [, registry, repository, tag = 'latest'] =
    /^((?:\[[0-9a-f:]+\]|[A-Za-z0-9.-]+)(?::\d+)?)\/([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::(\w[\w.-]*))?$/.exec(
      image,
    ) ?? []
  if (registry === undefined || repository === undefined)
    throw new Error(`Error: tag ${image}: invalid reference format`)
  return { registry, repository, tag }
}

const descriptor = ({ mediaType, bytes }: Content): object => ({
  mediaType,
  digest: digestOf(bytes),
  size: bytes.length,
})

/** Runs what `lca-cli create` does with the image: builds it and pushes it once. Throws when the container would exit with 1. */
export const runImager = async ({
  seedImage,
  seed,
  authfile,
  etcd,
  authority,
  now,
}: Readonly<{
  seedImage: string
  seed: Seed
  authfile: string
  /** The Secrets of the cluster, and what was made again: /var/lib/etcd is part of the image. */
  etcd: readonly object[]
  authority: string
  now: Date
}>): Promise<void> => {
  const reference = parseReference(seedImage)
  // Stands in for var.tgz with its etcd, etc.tgz and the ostree repository.
  const layer: Content = {
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    bytes: gzipSync(
      Buffer.concat([randomBytes(256), Buffer.alloc(1024), Buffer.from(JSON.stringify(etcd))]),
    ),
  }
  const config: Content = {
    mediaType: 'application/vnd.oci.image.config.v1+json',
    bytes: Buffer.from(
      JSON.stringify({
        created: now.toISOString(),
        architecture: 'amd64',
        os: 'linux',
        config: {
          Labels: {
            'com.openshift.lifecycle-agent.seed_format_version': '4',
            'com.openshift.lifecycle-agent.seed_cluster_info': JSON.stringify(clusterInfoOf(seed)),
          },
        },
        rootfs: { type: 'layers', diff_ids: [digestOf(gunzipSync(layer.bytes))] },
      }),
    ),
  }
  const mediaType = 'application/vnd.oci.image.manifest.v1+json'
  const manifest: Content = {
    mediaType,
    bytes: Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType,
        config: descriptor(config),
        layers: [descriptor(layer)],
      }),
    ),
  }
  const credential = findCredential(authfile, reference)
  await pushImage({ ...reference, blobs: [layer, config], manifest }, { credential, authority })
}
