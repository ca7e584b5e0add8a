package io.observatory.storage.llm;

import io.observatory.storage.llm.name.ModelNames;
import io.observatory.storage.llm.name.ProviderNames;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class CanonicalNamesTest {

	@ParameterizedTest
	@CsvSource({ "openai, openai", "OpenAI, openai", "open_ai, openai", "openai.chat, openai",
			"openai.responses, openai", "openai.embedding, openai", "azure, azure.ai.openai",
			"azure.chat, azure.ai.openai", "azure-openai.responses, azure.ai.openai", "az.ai.openai, azure.ai.openai",
			"azure_openai, azure.ai.openai", "AzureOpenAI, azure.ai.openai", "az.ai.inference, azure.ai.inference",
			"anthropic.messages, anthropic", "Anthropic, anthropic", "amazon-bedrock, aws.bedrock",
			"bedrock_converse, aws.bedrock", "AWS, aws.bedrock", "aws.bedrock, aws.bedrock",
			"google.generative-ai, gcp.gemini", "gemini, gcp.gemini", "google.vertex.chat, gcp.vertex_ai",
			"vertex_ai, gcp.vertex_ai", "VertexAI, gcp.vertex_ai", "google_vertexai, gcp.vertex_ai",
			"google_genai, gcp.gen_ai", "google, gcp.gen_ai", "mistral, mistral_ai", "MistralAI, mistral_ai",
			"mistralai, mistral_ai", "xai.chat, x_ai", "groq.chat, groq", "Cohere, cohere", "deepseek.chat, deepseek",
			"watsonx, ibm.watsonx.ai", "togetherai.chat, together_ai", "mock-provider, mock-provider",
			"Mine.chat, Mine", "self-hosted, self-hosted" })
	void aProviderHasOneName(String sent, String canonical) {
		assertThat(ProviderNames.canonical(sent)).isEqualTo(canonical);
	}

	@ParameterizedTest
	@CsvSource({ "us.anthropic.claude-sonnet-4-20250514-v1:0, claude-sonnet-4-20250514",
			"anthropic.claude-3-5-sonnet-20240620-v1:0, claude-3-5-sonnet-20240620",
			"eu.anthropic.claude-3-haiku-20240307-v1:0, claude-3-haiku-20240307",
			"arn:aws:bedrock:us-east-1:1:inference-profile/global.anthropic.claude-opus-4-1-v1:0, claude-opus-4-1",
			"anthropic.claude-sonnet-4@20250514, claude-sonnet-4-20250514",
			"claude-3-5-sonnet@20240620, claude-3-5-sonnet-20240620", "claude-3-opus@latest, claude-3-opus",
			"anthropic.claude-v2:1, claude-2.1", "anthropic.claude-v2, claude-2",
			"anthropic.claude-instant-v1, claude-instant-1", "amazon.nova-pro-v1:0, nova-pro",
			"us.meta.llama3-3-70b-instruct-v1:0, llama3-3-70b-instruct", "models/gemini-1.5-pro, gemini-1.5-pro",
			"publishers/google/models/gemini-2.0-flash-001, gemini-2.0-flash-001", "openai/gpt-4o, gpt-4o",
			"openrouter/anthropic/claude-sonnet-4, claude-sonnet-4", "bedrock/us.amazon.nova-lite-v1:0, nova-lite",
			"azure/gpt-35-turbo-16k, gpt-3.5-turbo-16k", "gpt-35-turbo, gpt-3.5-turbo",
			"gpt-35-turbo-0613, gpt-3.5-turbo-0613", "GPT-4o-2024-08-06, gpt-4o-2024-08-06", "llama3.1:8b, llama3.1:8b",
			"ft:gpt-4o:acme::1, ft:gpt-4o:acme::1", "deepseek-chat, deepseek-chat" })
	void aModelHasOneName(String sent, String canonical) {
		assertThat(ModelNames.canonical(sent)).isEqualTo(canonical);
	}

	@Property(tries = 300)
	void anyTextHasAName(@ForAll String text) {
		assertThat(ProviderNames.canonical(text)).hasSizeLessThanOrEqualTo(Math.max(text.length(), 18));
		assertThat(ModelNames.canonical(text)).isEqualTo(ModelNames.canonical(" " + text + " "));
	}

}
