package io.observatory.storage.capture.ai;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.util.ReflectionUtils;

/**
 * Watches the streams of the chat models for their first chunk, which Spring AI's
 * observations do not show. A model of a class that no proxy can stand in for (final, or
 * with final methods) stays as it is, without the time to its first chunk.
 */
public final class FirstChunkPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor {

	private static final long serialVersionUID = 1L;

	/**
	 * Has no dependencies, so that no bean is made early because of it.
	 */
	public FirstChunkPostProcessor() {
		setProxyTargetClass(true);
		this.advisor = new DefaultPointcutAdvisor(new Streams(), new Watch());
	}

	@Override
	protected boolean isEligible(Object bean, String beanName) {
		return bean instanceof ChatModel && isExtensible(bean.getClass()) && super.isEligible(bean, beanName);
	}

	private static boolean isExtensible(Class<?> type) {
		if (Modifier.isFinal(type.getModifiers()) || type.isHidden()) {
			return false;
		}
		for (Method method : ReflectionUtils.getAllDeclaredMethods(type)) {
			int modifiers = method.getModifiers();
			boolean ofObject = method.getDeclaringClass() == Object.class;
			if (Modifier.isFinal(modifiers) && !Modifier.isPrivate(modifiers) && !Modifier.isStatic(modifiers)
					&& !ofObject) {
				return false;
			}
		}
		return true;
	}

	private static final class Streams extends StaticMethodMatcherPointcut {

		@Override
		public boolean matches(Method method, Class<?> targetClass) {
			return method.getName().equals("stream") && Flux.class.isAssignableFrom(method.getReturnType());
		}

	}

	private static final class Watch implements MethodInterceptor {

		@Override
		public Object invoke(MethodInvocation invocation) throws Throwable {
			Object result = invocation.proceed();
			return (result instanceof Flux<?> stream) ? FirstChunk.watch(stream) : result;
		}

	}

}
