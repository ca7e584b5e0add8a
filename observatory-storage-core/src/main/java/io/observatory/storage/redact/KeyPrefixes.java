package io.observatory.storage.redact;

import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * How keys begin, as their vendors document it (2026-11).
 */
final class KeyPrefixes {

	/** So many letters and digits that make no words are no accident. */
	static final int RANDOM = 12;

	private static final List<KeyPrefix> PREFIXES = Stream.of(
			// models and what is around them: OpenAI and those that followed, Anthropic,
			// Hugging Face, Groq, xAI, NVIDIA, Perplexity, Replicate, Cerebras,
			// Fireworks,
			// Together, Voyage, Tavily, Jina, Langfuse, LangSmith, Weights & Biases, E2B
			letters(RANDOM, "sk-", "hf_", "api_org_", "gsk_", "xai-", "nvapi-", "pplx-", "r8_", "csk-", "fw_",
					"tgp_v1_", "tvly-", "jina_", "pk-lf-", "sk-lf-", "lsv2_", "wandb_v1_", "e2b_"),
			letters(32, "pa-", "fc-"),
			// Google, AWS, Azure, Alibaba, Tencent, DigitalOcean, Heroku, Fly, Cloudflare
			letters(RANDOM, "AIza", "AQ.", "ya29.", "GOCSPX-", "1//0", "dop_v1_", "doo_v1_", "dor_v1_", "HRKU-", "fo1_",
					"v1.0-", "cfut_", "cfat_", "cfk_"),
			letters(16, "AKIA", "ASIA", "ABIA", "ACCA", "LTAI"), letters(32, "AKID"),
			base64("ABSK", "bedrock-api-key-", "fm1r_", "fm1a_", "fm2_"),
			// where code and packages are kept and built
			letters(RANDOM, "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "glptt-", "gldt-", "glrt-",
					"glrtr-", "glcbt-", "glft-", "glimt-", "glagent-", "gloas-", "glsoat-", "glffct-", "GR1348941",
					"npm_", "pypi-", "rubygems_", "CLOJARS_", "dckr_pat_", "dckr_oat_", "ATATT3", "ATCTT3", "ATBB",
					"CCIPAT_", "CCIPRJ_", "bkua_", "sgp_", "sqp_", "squ_", "sqa_", "nfp_", "vcp_", "vck_", "vca_",
					"vcr_", "vci_", "vercel_blob_rw_", "pul-", "pnu_", "oy2"),
			letters(60, "AKCp"), letters(26, "API-"),
			// messages and mail
			letters(RANDOM, "xoxa-", "xoxb-", "xoxc-", "xoxd-", "xoxe-", "xoxe.", "xoxo-", "xoxp-", "xoxr-", "xoxs-",
					"xapp-", "SG.", "xkeysib-", "xsmtpsib-"),
			letters(20, "re_"), hex("SK", "key-"),
			base64("hooks.slack.com/services/", "hooks.slack.com/workflows/", "hooks.slack.com/triggers/",
					"discord.com/api/webhooks/", "discordapp.com/api/webhooks/"),
			// money and shops
			letters(RANDOM, "sk_live_", "sk_test_", "sk_prod_", "rk_live_", "rk_test_", "rk_prod_", "whsec_",
					"rzp_live_", "rzp_test_", "sq0atp-", "sq0csp-", "shpat_", "shpca_", "shppa_", "shpss_", "shprt_",
					"shpua_", "shippo_live_", "shippo_test_", "duffel_live_", "duffel_test_", "FLWSECK-",
					"FLWSECK_TEST-", "EZAK", "EZTK"),
			letters(60, "EAAC", "EAAM", "EAAG"),
			// vaults, data, observability, documents
			letters(RANDOM, "hvs.", "hvb.", "hvr.", "dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "dp.scim.", "dp.audit.",
					"AGE-SECRET-KEY-1", "sha256~", "dapi-", "pscale_tkn_", "pscale_oauth_", "pscale_pw_", "sbp_",
					"sb_secret_", "dt0c01.", "dt0s16.", "NRAK-", "NRJS-", "NRII-", "sntryu_", "phx_", "lin_api_",
					"lin_oauth_", "ntn_", "figd_", "figo_", "PMAK-", "PMAT-", "rdme_", "sk.eyJ", "CFPAT-", "tk-us-",
					"fio-u-", "p8e-", "sm_aat_", "sm_pat_", "sm_sat_"),
			letters(40, "secret_"), letters(32, "ico-"), hex("dapi", "pat"),
			base64("glc_", "glsa_", "sntrys_", "ops_eyJ"))
		.flatMap(List::stream)
		.toList();

	/** By their first character, the longer ones first. */
	private static final KeyPrefix[][] BY_START = byStart();

	private KeyPrefixes() {
	}

	private static List<KeyPrefix> letters(int minRandom, String... prefixes) {
		return Stream.of(prefixes)
			.map((prefix) -> new KeyPrefix(prefix, minRandom, minRandom > RANDOM, false, "_-."))
			.toList();
	}

	private static List<KeyPrefix> hex(String... prefixes) {
		return Stream.of(prefixes).map((prefix) -> new KeyPrefix(prefix, 32, true, true, "_-.")).toList();
	}

	private static List<KeyPrefix> base64(String... prefixes) {
		return Stream.of(prefixes).map((prefix) -> new KeyPrefix(prefix, RANDOM, false, false, "_-.+/=")).toList();
	}

	private static KeyPrefix[][] byStart() {
		KeyPrefix[][] byStart = new KeyPrefix[128][];
		for (char c = 0; c < byStart.length; c++) {
			char start = c;
			KeyPrefix[] prefixes = PREFIXES.stream()
				.filter((prefix) -> prefix.text().charAt(0) == start)
				.sorted((one, other) -> other.text().length() - one.text().length())
				.toArray(KeyPrefix[]::new);
			byStart[c] = (prefixes.length > 0) ? prefixes : null;
		}
		return byStart;
	}

	/** Returns whether a key may begin with the character. */
	static boolean start(char c) {
		return c < BY_START.length && BY_START[c] != null;
	}

	/**
	 * Returns the prefix that stands at the index, which {@linkplain #start starts} one.
	 */
	static @Nullable KeyPrefix at(String text, int index) {
		for (KeyPrefix prefix : BY_START[text.charAt(index)]) {
			if (text.startsWith(prefix.text(), index)) {
				return prefix;
			}
		}
		return null;
	}

	/**
	 * How a vendor's keys begin, and what they go on with.
	 *
	 * @param text the first characters
	 * @param minRandom how many letters and digits in it make no words, at least
	 * @param oneRun whether these follow one another
	 * @param hex whether they are hex digits
	 * @param marks what else a key is made of
	 */
	record KeyPrefix(String text, int minRandom, boolean oneRun, boolean hex, String marks) {

		boolean continues(char c) {
			return Masker.isAlphanumeric(c) || this.marks.indexOf(c) >= 0;
		}

	}

}
