/** One interaction's encoder beside its decoder. */

export interface Codec<Interaction> {
  /**
   * @param fields those behind the version.
   * @param prefix of the network's addresses (SS58).
   * @throws RmrkError with a code of reading.
   */
  decode(fields: readonly string[], prefix: number): Interaction;
  encode(interaction: Interaction, prefix: number): readonly string[];
}
