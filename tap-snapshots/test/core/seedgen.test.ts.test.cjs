/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/core/seedgen.test.ts > TAP > writes manifests that read back, byte-stable > kustomization 1`] = `
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - seedgenerator.yaml

`

exports[`test/core/seedgen.test.ts > TAP > writes manifests that read back, byte-stable > SeedGenerator 1`] = `
apiVersion: lca.openshift.io/v1
kind: SeedGenerator
metadata:
  name: seedimage
  annotations:
    sower.dev/cluster: sno1
spec:
  seedImage: quay.io/ibu/sno1:4.18.5
  recertImage: quay.io/recert:v1

`
