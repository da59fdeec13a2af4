/** Plays the score with the browser's own oscillators. Silent until a person has touched the page, as browsers ask. */
import { sounds, type SoundName, type Tone } from "./score.ts";

export class Synthesiser {
  #context: AudioContext | null = null;
  #master: GainNode | null = null;
  #noise: AudioBuffer | null = null;
  #volume = 0;

  /** Call from a person's gesture. */
  wake(): void {
    if (this.#context !== null || typeof AudioContext === "undefined") return;
    this.#context = new AudioContext();
    this.#master = this.#context.createGain();
    this.#master.gain.value = this.#volume;
    this.#master.connect(this.#context.destination);
    this.#noise = noiseFor(this.#context);
  }

  /** 0 to 1. */
  set volume(volume: number) {
    this.#volume = volume;
    if (this.#master !== null) this.#master.gain.value = volume;
  }

  play(name: SoundName): void {
    if (this.#volume > 0) for (const tone of sounds[name].tones) this.#sound(tone);
  }

  #sound({ wave, from, to, at, lasts, loud }: Tone): void {
    const [context, master] = [this.#context, this.#master];
    if (context === null || master === null) return;
    const start = context.currentTime + at;
    const end = start + lasts;
    const envelope = context.createGain();
    envelope.gain.setValueAtTime(0.0001, start);
    envelope.gain.exponentialRampToValueAtTime(loud, start + Math.min(0.02, lasts / 3));
    envelope.gain.exponentialRampToValueAtTime(0.0001, end);
    envelope.connect(master);
    if (wave === "noise") {
      const source = context.createBufferSource();
      source.buffer = this.#noise;
      source.loop = true;
      const filter = context.createBiquadFilter();
      filter.type = "bandpass";
      glide(filter.frequency, from, to, start, end);
      source.connect(filter).connect(envelope);
      source.start(start);
      source.stop(end);
      return;
    }
    const oscillator = context.createOscillator();
    oscillator.type = wave;
    glide(oscillator.frequency, from, to, start, end);
    oscillator.connect(envelope);
    oscillator.start(start);
    oscillator.stop(end);
  }
}

function glide(frequency: AudioParam, from: number, to: number, start: number, end: number): void {
  frequency.setValueAtTime(from, start);
  frequency.exponentialRampToValueAtTime(to, end);
}

/** A second of it; nobody hears it repeat. */
function noiseFor(context: AudioContext): AudioBuffer {
  const buffer = context.createBuffer(1, context.sampleRate, context.sampleRate);
  const samples = buffer.getChannelData(0);
  for (let i = 0; i < samples.length; i++) samples[i] = Math.random() * 2 - 1;
  return buffer;
}
