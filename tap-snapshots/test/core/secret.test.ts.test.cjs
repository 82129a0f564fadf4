/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/core/secret.test.ts > TAP > writes a SealedSecret that is the same bytes for the same input > strict 1`] = `
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: seedgen
  namespace: sower-seeds
  annotations:
    sower.dev/key-fingerprint: "SHA256:abc"
    sower.dev/certificate-not-after: "2036-11-22T10:00:00.000Z"
    sower.dev/sealed-at: "2026-11-22T10:00:00.000Z"
    sower.dev/ciphertext-sha256: "9de0773bc19744fc44687e7498131225c887082d3ac5c221058231d6f588b066"
    sower.dev/registry-key: "quay.io/org"
spec:
  encryptedData:
    seedAuth: AgBy
  template:
    metadata:
      name: seedgen
      namespace: sower-seeds
    type: Opaque

`
